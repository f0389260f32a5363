namespace Sommelier.Canonical;

/// <summary>Why the model stopped, in one vocabulary.</summary>
public enum FinishReasonKind
{
    /// <summary>It was done, or met a stop text.</summary>
    Stop,

    /// <summary>It met the output limit or the end of its window.</summary>
    Length,

    /// <summary>It wants tools run.</summary>
    ToolCalls,

    /// <summary>It refused, or a filter cut it.</summary>
    ContentFilter,

    /// <summary>The vendor failed in the middle.</summary>
    Error,

    /// <summary>Something that we have no word for.</summary>
    Other,
}

/// <summary>Why the model stopped: our word and the vendor's.</summary>
/// <param name="Kind">Our word.</param>
/// <param name="Raw">The vendor's word, or null.</param>
/// <param name="StopSequence">The stop text that was met, where the vendor says.</param>
public sealed record FinishReason(FinishReasonKind Kind, string? Raw = null, string? StopSequence = null);
