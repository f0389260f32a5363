using System.Text.Json;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Finds the finished response object in the bytes that a caller got.</summary>
internal static class ResponsesFinal
{
    /// <summary>A copy of the object; empty when there is none.</summary>
    /// <param name="reply">The whole reply, or the events in which a stream ends.</param>
    /// <param name="streamed">Whether it is a stream of events.</param>
    public static byte[] Of(ReadOnlySpan<byte> reply, bool streamed)
    {
        if (!streamed)
        {
            return reply.Trim(" \r\n\t"u8).ToArray();
        }

        using var reader = new SseReader();
        var rest = reply;
        while (reader.TryRead(ref rest, out var item))
        {
            if (item.Data.IsEmpty || item.Data.SequenceEqual("[DONE]"u8))
            {
                continue;
            }

            var scan = ResponsesEventScan.Read(item.Data);
            if (scan.Kind == ResponsesEventKind.Ended)
            {
                return item.Data[scan.Response].ToArray();
            }
        }

        return [];
    }

    /// <summary>The object's id; null when it has none.</summary>
    public static string? Id(ReadOnlySpan<byte> response)
    {
        var scan = ResponsesAnswerScan.Read(response, WireQuirks.Default);
        return scan.Id.Equals(default) ? null : System.Text.Encoding.UTF8.GetString(response[scan.Id]);
    }

    /// <summary>The items of its output that have an id, for callers that name them later.</summary>
    public static IReadOnlyList<(string Id, string Json)> Items(ReadOnlySpan<byte> response)
    {
        var reader = new Utf8JsonReader(response, JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref reader);
        var items = new List<(string Id, string Json)>();
        foreach (var item in document.RootElement.TryGetProperty("output", out var output) ? output.EnumerateArray() : default)
        {
            if (item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
            {
                items.Add((id.GetString()!, item.GetRawText()));
            }
        }

        return items;
    }
}
