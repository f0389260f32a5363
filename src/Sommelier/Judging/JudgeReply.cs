using System.Text;
using System.Text.Json;

namespace Sommelier.Judging;

/// <summary>The JSON objects that a judge's reply holds among its words.</summary>
internal static class JudgeReply
{
    /// <summary>Every outermost object, with its place, in the order of the reply.</summary>
    public static IEnumerable<(int Place, JsonElement Value)> Objects(string reply)
    {
        // Encoded once: a reply may be nothing but braces.
        var bytes = Encoding.UTF8.GetBytes(reply);
        for (var at = Next(bytes, 0); at >= 0;)
        {
            if (Parse(bytes.AsSpan(at)) is { } found)
            {
                yield return (Encoding.UTF8.GetCharCount(bytes, 0, at), found.Value);
                at = Next(bytes, at + found.Length);
            }
            else
            {
                at = Next(bytes, at + 1);
            }
        }
    }

    /// <summary>Whether the object bears the fence's code.</summary>
    public static bool Carries(JsonElement value, string code) =>
        value.TryGetProperty("code", out var written) && written.ValueKind == JsonValueKind.String && string.Equals(written.GetString(), code, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the judged text holds the object, spaces aside.</summary>
    public static bool Quotes(string judged, JsonElement value) =>
        Spaceless(judged).Contains(Spaceless(value.GetRawText()), StringComparison.OrdinalIgnoreCase);

    private static string Spaceless(string text) => string.Concat(text.Where(static letter => !char.IsWhiteSpace(letter)));

    private static int Next(byte[] bytes, int from) => bytes.AsSpan(from).IndexOf((byte)'{') is var found and >= 0 ? from + found : -1;

    private static (JsonElement Value, int Length)? Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return (document.RootElement.Clone(), (int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
