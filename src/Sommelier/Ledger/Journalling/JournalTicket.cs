namespace Sommelier.Ledger.Journalling;

/// <summary>Where a request's records stand in the journal, until the store holds its entry.</summary>
internal sealed class JournalTicket
{
    internal JournalPlace Opened { get; set; }

    internal JournalPlace Settled { get; set; }

    internal JournalPlace Decided { get; set; }
}

/// <summary>Where a record stands; the default value is nowhere.</summary>
internal readonly record struct JournalPlace(JournalSegment? Segment, long At, int Length);
