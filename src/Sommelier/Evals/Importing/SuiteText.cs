using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing;

/// <summary>Texts of a source as a suite says them.</summary>
internal static class SuiteText
{
    /// <summary>A text that a suite with variables leaves as it is: <c>{{</c> is written twice.</summary>
    public static string Literal(string text) => text.Replace("{{", "{{{{", StringComparison.Ordinal);

    /// <summary>The same for every text in a value.</summary>
    public static JsonNode? Literal(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(Literal(value.GetValue<string>())),
        JsonArray list => new JsonArray([.. list.Select(Literal)]),
        JsonObject map => new JsonObject(map.Select(static pair => KeyValuePair.Create(pair.Key, Literal(pair.Value)))),
        _ => node?.DeepClone(),
    };

    /// <summary>Words of a text as a name: small letters, digits and dashes, no longer than 60; empty when it has none.</summary>
    public static string Name(string text)
    {
        var name = new System.Text.StringBuilder();
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter))
            {
                name.Append(char.ToLowerInvariant(letter));
            }
            else if (name.Length > 0 && name[^1] != '-')
            {
                name.Append('-');
            }

            if (name.Length == 60)
            {
                break;
            }
        }

        return name.ToString().Trim('-');
    }
}
