using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Suites;

/// <summary>Fills <c>{{name}}</c> in a text. A name is a variable of the case, with blanks around it allowed; <c>{{{{</c> stands for two plain braces.</summary>
internal static class TemplateText
{
    private const string Open = "{{";
    private const string Close = "}}";

    /// <summary>The filled text. Names that are not known are told to <paramref name="unknown"/> and stay as they are.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, JsonNode?> variables, Action<string> unknown)
    {
        var at = text.IndexOf(Open, StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var from = 0;
        while (at >= 0)
        {
            result.Append(text, from, at - from);
            if (string.CompareOrdinal(text, at + Open.Length, Open, 0, Open.Length) == 0)
            {
                result.Append(Open);
                from = at + (2 * Open.Length);
            }
            else
            {
                var end = text.IndexOf(Close, at, StringComparison.Ordinal);
                if (end < 0)
                {
                    unknown(text[at..Math.Min(text.Length, at + 20)]);
                    from = at;
                    break;
                }

                var name = text[(at + Open.Length)..end].Trim();
                if (variables.TryGetValue(name, out var value))
                {
                    result.Append(Text(value));
                }
                else
                {
                    unknown(name);
                    result.Append(text, at, end + Close.Length - at);
                }

                from = end + Close.Length;
            }

            at = text.IndexOf(Open, from, StringComparison.Ordinal);
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>The name, when the text is one variable and nothing else; else null.</summary>
    public static string? Single(string text) =>
        text.StartsWith(Open, StringComparison.Ordinal) && text.EndsWith(Close, StringComparison.Ordinal) && text.IndexOf(Open, Open.Length, StringComparison.Ordinal) < 0
        && text.IndexOf(Close, StringComparison.Ordinal) == text.Length - Close.Length
            ? text[Open.Length..^Close.Length].Trim()
            : null;

    /// <summary>Whether the text has a place for a variable.</summary>
    public static bool Uses(string text, string name)
    {
        var uses = false;
        Fill(text, new Dictionary<string, JsonNode?>(StringComparer.Ordinal), found => uses |= string.Equals(found, name, StringComparison.Ordinal));
        return uses;
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue single when single.GetValueKind() == JsonValueKind.String => single.GetValue<string>(),
        _ => value.ToJsonString(ReadableJson.Options),
    };
}
