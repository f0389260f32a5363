using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing;

/// <summary>Writes JSON as YAML that people read and edit: keys in block form, short lists in flow form, long texts as blocks.</summary>
internal static class SuiteYaml
{
    private const int LineLength = 110;

    /// <summary>The YAML of an object, with a line break at its end.</summary>
    public static string Write(JsonObject root)
    {
        var result = new StringBuilder();
        Members(result, root, 0);
        return result.ToString();
    }

    private static void Members(StringBuilder result, JsonObject map, int indent)
    {
        foreach (var (key, value) in map)
        {
            result.Append(' ', indent).Append(Key(key)).Append(':');
            After(result, value, indent, indent);
        }
    }

    // What stands behind a colon or a dash, and under it.
    private static void After(StringBuilder result, JsonNode? value, int indent, int listIndent)
    {
        switch (value)
        {
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && IsBlock(text.GetValue<string>()):
                Block(result, text.GetValue<string>(), indent + 2);
                break;
            case JsonObject { Count: > 0 } map when Flow(map) is { } line && line.Length <= LineLength && !HasBlock(map):
                result.Append(' ').Append(line).Append('\n');
                break;
            case JsonObject { Count: > 0 } map:
                result.Append('\n');
                Members(result, map, indent + 2);
                break;
            case JsonArray { Count: > 0 } list when !list.Any(static item => item is JsonObject) && Flow(list) is { } line && line.Length <= LineLength && !HasBlock(list):
                result.Append(' ').Append(line).Append('\n');
                break;
            case JsonArray { Count: > 0 } list:
                result.Append('\n');
                foreach (var item in list)
                {
                    Item(result, item, listIndent + 2);
                }

                break;
            default:
                result.Append(' ').Append(Flow(value)).Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder result, JsonNode? item, int indent)
    {
        result.Append(' ', indent).Append('-');
        if (item is JsonObject { Count: > 0 } map && (HasBlock(map) || Flow(map).Length > LineLength || map.ContainsKey("id")))
        {
            var inner = new StringBuilder();
            Members(inner, map, indent + 2);
            result.Append(' ').Append(inner, indent + 2, inner.Length - indent - 2);
        }
        else
        {
            After(result, item, indent, indent);
        }
    }

    private static string Flow(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject map => map.Count == 0 ? "{}" : $"{{ {string.Join(", ", map.Select(static pair => $"{Key(pair.Key)}: {Flow(pair.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Flow))}]",
        _ when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static bool HasBlock(JsonNode? value) => value switch
    {
        JsonObject map => map.Any(static pair => HasBlock(pair.Value)),
        JsonArray list => list.Any(HasBlock),
        JsonValue text => text.GetValueKind() == JsonValueKind.String && IsBlock(text.GetValue<string>()),
        _ => false,
    };

    // Lines that a literal block keeps as they are.
    private static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal) && text[0] is not (' ' or '\n' or '\t') && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && text.All(static letter => letter is '\n' or >= ' ' and < '\u007F' or >= '\u00A1' and < '\uD800' and not ('\u2028' or '\u2029') or >= '\uF900' and < '\uFEFF')
        && Array.TrueForAll(text.Split('\n'), static line => line.Length == 0 || line[^1] != ' ');

    private static void Block(StringBuilder result, string text, int indent)
    {
        result.Append(text.EndsWith('\n') ? " |\n" : " |-\n");
        foreach (var line in (text.EndsWith('\n') ? text[..^1] : text).Split('\n'))
        {
            if (line.Length > 0)
            {
                result.Append(' ', indent).Append(line);
            }

            result.Append('\n');
        }
    }

    private static string Key(string key) => IsWord(key) ? key : Quoted(key);

    private static string Text(string text) => IsPlain(text) ? text : Quoted(text);

    private static bool IsWord(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') && !IsOtherType(text);

    // A text that means itself without quotes, in block and in flow form.
    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsLetter(text[0]) && text[^1] != ' ' && text.All(static letter => char.IsLetterOrDigit(letter) || letter is ' ' or '_' or '-' or '.' or '/' or '(' or ')' or ';' or '\'') && !IsOtherType(text);

    private static bool IsOtherType(string text) => text.ToUpperInvariant() is "TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N";

    private static string Quoted(string text)
    {
        var result = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            result.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) => $"\\U{char.ConvertToUtf32(letter, text[++i]):X8}",
                _ when letter is < ' ' or '\u007F' or '\u0085' or '\u2028' or '\u2029' or '\uFEFF' or (>= '\u0080' and < '\u00A0') => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}"),
                _ => letter.ToString(),
            });
        }

        return result.Append('"').ToString();
    }
}
