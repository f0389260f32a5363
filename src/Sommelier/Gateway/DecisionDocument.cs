using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Gateway;

/// <summary>
/// What was decided for a request, with all that it depended on. Written on the ledger's thread; holds references to immutable
/// things only. What came of the request is in the ledger's own columns and is added when the record is read (<see cref="DecisionOutcome"/>).
/// </summary>
internal sealed class DecisionDocument(RouteDecision decision) : ILedgerDecision
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Readable);
        RouteRecord.Write(json, decision);
    }
}
