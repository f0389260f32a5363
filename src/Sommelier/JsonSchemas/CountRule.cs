using System.Globalization;
using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>How many characters, items or properties there must at least or at most be.</summary>
/// <param name="kind">Which kind of value is counted.</param>
/// <param name="least">Whether the limit is a lower one.</param>
/// <param name="limit">The limit.</param>
internal sealed class CountRule(JsonValueKind kind, bool least, long limit) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != kind)
        {
            return true;
        }

        var count = kind switch
        {
            JsonValueKind.String => Characters(value.GetString()!),
            JsonValueKind.Array => value.GetArrayLength(),
            _ => value.GetPropertyCount(),
        };
        return (least ? count >= limit : count <= limit)
            || walk.Fail(string.Create(CultureInfo.InvariantCulture, $"must have {(least ? "at least" : "at most")} {limit} {Unit}"));
    }

    private string Unit => kind switch
    {
        JsonValueKind.String => "characters",
        JsonValueKind.Array => "items",
        _ => "properties",
    };

    // The draft counts code points: a pair of surrogates is one.
    private static long Characters(string text)
    {
        long pairs = 0;
        foreach (var letter in text)
        {
            pairs += char.IsLowSurrogate(letter) ? 1 : 0;
        }

        return text.Length - pairs;
    }
}
