using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Configuration;
using Sommelier.Configuration.Yaml;

namespace Sommelier.Evals.Suites;

/// <summary>YAML as JSON and back: what is written plain may be a number, true, false or null; what is quoted is text.</summary>
internal static class YamlJson
{
    /// <summary>The tree as JSON; texts become what <paramref name="text"/> makes of them. Null for a YAML null.</summary>
    public static JsonNode? Read(YamlTree tree, Func<YamlScalar, JsonNode?>? text = null)
    {
        switch (tree)
        {
            case YamlList list:
                var array = new JsonArray();
                foreach (var item in list.Items)
                {
                    array.Add(Read(item, text));
                }

                return array;
            case YamlMap map:
                var result = new JsonObject();
                foreach (var entry in map.Entries)
                {
                    result[entry.Key] = Read(entry.Value, text);
                }

                return result;
            default:
                return Scalar((YamlScalar)tree, text);
        }
    }

    /// <summary>A JSON value as a tree at one place: a row of a data file.</summary>
    public static YamlTree Tree(JsonElement json, ConfigPosition position)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new YamlMap(position);
                foreach (var member in json.EnumerateObject())
                {
                    map.Entries.Add(new(position, member.Name, Tree(member.Value, position)));
                }

                return map;
            case JsonValueKind.Array:
                var list = new YamlList(position);
                foreach (var item in json.EnumerateArray())
                {
                    list.Items.Add(Tree(item, position));
                }

                return list;
            case JsonValueKind.String:
                return new YamlScalar(position, json.GetString()!, isPlain: false);
            default:
                return new YamlScalar(position, json.ValueKind == JsonValueKind.Null ? "" : json.GetRawText(), isPlain: true);
        }
    }

    private static JsonNode? Scalar(YamlScalar scalar, Func<YamlScalar, JsonNode?>? text)
    {
        if (scalar.IsNull)
        {
            return null;
        }

        if (scalar.IsPlain)
        {
            switch (scalar.Value)
            {
                case "true" or "True" or "TRUE":
                    return JsonValue.Create(true);
                case "false" or "False" or "FALSE":
                    return JsonValue.Create(false);
            }

            if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && IsJsonNumber(scalar.Value))
            {
                return JsonValue.Create(whole);
            }

            if (double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && IsJsonNumber(scalar.Value))
            {
                return JsonValue.Create(number);
            }
        }

        return text is null ? JsonValue.Create(scalar.Value) : text(scalar);
    }

    // 007 and +1 are names to people, and no numbers in JSON.
    private static bool IsJsonNumber(string text)
    {
        var digits = text.AsSpan().TrimStart('-');
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && !(digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]));
    }
}
