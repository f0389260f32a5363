using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Templates;

/// <summary>The filters of Nunjucks that change texts and lists.</summary>
internal static class TemplateFilters
{
    /// <summary>A value after a filter.</summary>
    /// <exception cref="TemplateException">There is no such filter here.</exception>
    public static JsonNode? Apply(string name, JsonNode? value, IReadOnlyList<JsonNode?> arguments)
    {
        var text = TemplateExpression.Printed(value);
        return name switch
        {
            "upper" => JsonValue.Create(text.ToUpperInvariant()),
            "lower" => JsonValue.Create(Lower(text)),
            "trim" => JsonValue.Create(text.Trim()),
            "capitalize" => JsonValue.Create(text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + Lower(text[1..])),
            "title" => JsonValue.Create(string.Join(' ', text.Split(' ').Select(static word => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + Lower(word[1..])))),
            "string" or "safe" => JsonValue.Create(text),
            "length" => JsonValue.Create(value switch { JsonArray list => list.Count, JsonObject map => map.Count, _ => text.Length }),
            "default" or "d" => value is null || (Argument(1) is { } strict && TemplateExpression.IsTrue(strict) && !TemplateExpression.IsTrue(value)) ? Argument(0) : value,
            "join" => TemplateValue.Joined(TemplateExpression.Printed(Argument(0)), JsonTexts.List(value)),
            "first" => value is JsonArray { Count: > 0 } list ? list[0] : null,
            "last" => value is JsonArray { Count: > 0 } list ? list[^1] : null,
            "replace" => TemplateExpression.Printed(Argument(0)) is { Length: > 0 } old ? TemplateValue.Joined(TemplateExpression.Printed(Argument(1)), text.Split(old)) : JsonValue.Create(text),
            "dump" => JsonValue.Create(value is null ? "null" : value.ToJsonString(Suites.ReadableJson.Options)),
            _ => throw new TemplateException($"there is no filter '{name}' here"),
        };

        JsonNode? Argument(int index) => index < arguments.Count ? arguments[index] : null;
    }

#pragma warning disable CA1308 // Small letters are what the filter gives.
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308
}
