using System.Buffers;

namespace Sommelier.Ledger;

/// <summary>
/// The decision record of a request, written as JSON when the ledger stores it: on the ledger's thread, not on the
/// request's, so it must not change after it was handed over.
/// </summary>
internal interface ILedgerDecision
{
    /// <summary>Writes the record as one UTF-8 JSON object.</summary>
    void WriteTo(IBufferWriter<byte> output);
}

/// <summary>A decision record that is JSON already.</summary>
/// <param name="Json">One UTF-8 JSON object.</param>
internal sealed record JsonLedgerDecision(ReadOnlyMemory<byte> Json) : ILedgerDecision
{
    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> output) => output.Write(Json.Span);
}
