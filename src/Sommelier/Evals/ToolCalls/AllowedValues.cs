using System.Buffers;
using System.Text.Json;

namespace Sommelier.Evals.ToolCalls;

/// <summary>The values that an argument may have.</summary>
/// <remarks>
/// Texts are compared as BFCL does: in small letters, without blanks and <c>,./-_*^</c>, either quotation mark. An object's members are
/// wanted by lists of allowed values again.
/// </remarks>
/// <param name="Values">Each is allowed.</param>
internal sealed record AllowedValues(IReadOnlyList<JsonElement> Values)
{
    private static readonly SearchValues<char> Dropped = SearchValues.Create(" ,./-_*^");

    /// <summary>Whether an empty text is among them: BFCL's mark of an argument that may be left out.</summary>
    public bool MayBeLeftOut => Values.Any(static value => value.ValueKind == JsonValueKind.String && value.ValueEquals(""));

    /// <summary>The values under a name: a list of them, or one.</summary>
    public static AllowedValues Read(JsonElement value) => new(value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value]);

    /// <summary>Whether a value is one of them.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isInteger">Whether the tool wants a whole number there, written as one: 5.0 is none, unless such a value is allowed.</param>
    public bool Allow(JsonElement value, bool isInteger = false) =>
        Values.Any(allowed => Same(value, allowed) && (!isInteger || IsWhole(value) || !IsWhole(allowed)));

    private static bool IsWhole(JsonElement value) => value.ValueKind != JsonValueKind.Number || value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    private static bool Same(JsonElement value, JsonElement allowed) => (value.ValueKind, allowed.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => string.Equals(Plain(value), Plain(allowed), StringComparison.Ordinal),
        (JsonValueKind.Number, JsonValueKind.Number) => value.GetDouble().Equals(allowed.GetDouble()),
        (JsonValueKind.Array, JsonValueKind.Array) => value.GetArrayLength() == allowed.GetArrayLength() && value.EnumerateArray().Zip(allowed.EnumerateArray(), Same).All(static same => same),
        (JsonValueKind.Object, JsonValueKind.Object) => Members(value, allowed),
        var (left, right) => left == right,
    };

    private static bool Members(JsonElement value, JsonElement allowed)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!allowed.TryGetProperty(member.Name, out var wanted) || !(Same(member.Value, wanted) || Read(wanted).Allow(member.Value)))
            {
                return false;
            }
        }

        return allowed.EnumerateObject().All(member => value.TryGetProperty(member.Name, out _) || Read(member.Value).MayBeLeftOut);
    }

    private static string Plain(JsonElement value)
    {
        var text = value.GetString()!;
        return string.Create(text.Length - Count(text), text, static (plain, text) =>
        {
            var end = 0;
            foreach (var letter in text)
            {
                if (!Dropped.Contains(letter))
                {
                    plain[end++] = letter == '\'' ? '"' : char.ToLowerInvariant(letter);
                }
            }
        });
    }

    private static int Count(string text)
    {
        var count = 0;
        foreach (var letter in text)
        {
            count += Dropped.Contains(letter) ? 1 : 0;
        }

        return count;
    }
}
