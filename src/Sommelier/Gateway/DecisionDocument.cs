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
/// <param name="decision">What was decided.</param>
/// <param name="cascade">What became of its cascade; null where it has none.</param>
/// <param name="classify">What came of asking a model for the intent; null where none was asked.</param>
internal sealed class DecisionDocument(RouteDecision decision, string? cascade = null, string? classify = null) : ILedgerDecision
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        RouteRecord.WriteMembers(json, decision);
        if (classify is not null)
        {
            json.WriteString("classify_outcome", classify);
        }

        if (cascade is not null)
        {
            json.WriteString("cascade_outcome", cascade);
        }

        json.WriteEndObject();
    }
}
