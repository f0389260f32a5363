using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Gateway;

/// <summary>
/// The record of a request that <c>GET /v1/decisions/{id}</c> returns: what was decided with all that it depended on, and
/// under <c>request</c> what came of it. Written on the ledger's thread; holds references to immutable things only.
/// </summary>
internal sealed class DecisionDocument(LedgerEntry entry, RouteDecision decision) : ILedgerDecision
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        RouteRecord.WriteMembers(json, decision);
        json.WriteStartObject("request");
        EntryJson.Members(json, entry);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
