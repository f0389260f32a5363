using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sommelier.Ledger;

/// <summary>A stored decision record together with what came of its request, as <c>GET /v1/decisions/{id}</c> shows them.</summary>
internal static class DecisionOutcome
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The record with a further member, <c>request</c>. Older records have one already and stay as they are.</summary>
    /// <param name="record">One JSON object that ends with its brace, as it is stored.</param>
    /// <param name="entry">What came of the request.</param>
    public static ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> record, LedgerEntry entry)
    {
        if (HasRequest(record.Span))
        {
            return record;
        }

        var whole = new ArrayBufferWriter<byte>(record.Length + 2048);
        whole.Write(record.Span[..^1]);
        whole.Write(",\"request\":"u8);
        using (var json = new Utf8JsonWriter(whole, Readable))
        {
            json.WriteStartObject();
            EntryJson.Members(json, entry);
            json.WriteEndObject();
        }

        whole.Write("}"u8);
        return whole.WrittenMemory;
    }

    private static bool HasRequest(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("request"u8))
            {
                return true;
            }
        }

        return false;
    }
}
