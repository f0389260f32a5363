using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads what is asked of the model's thinking: <c>reasoning_effort</c>, or OpenRouter's <c>reasoning</c> object.</summary>
internal static class ReasoningReader
{
    /// <summary>Off a body whose members are known.</summary>
    public static Reasoning Read(ReadOnlySpan<byte> body, RequestOutline outline)
    {
        using var effort = Parse(body, outline.Member("reasoning_effort"));
        using var reasoning = Parse(body, outline.Member("reasoning"));
        return Read(effort?.RootElement, reasoning?.RootElement) ?? new Reasoning();
    }

    /// <summary>Off a whole request; null when nothing is said.</summary>
    public static Reasoning? Read(JsonFields request)
    {
        var effort = request.TryGet("reasoning_effort", out var word) ? word : (JsonElement?)null;
        var reasoning = request.TryGet("reasoning", out var inner) ? inner : (JsonElement?)null;
        return Read(effort, reasoning);
    }

    private static Reasoning? Read(JsonElement? word, JsonElement? inner)
    {
        ReasoningEffort? effort = word is { ValueKind: not JsonValueKind.Null } text
            ? OpenAIWords.Effort(JsonFields.Text(text, "reasoning_effort"))
            : null;
        if (inner is not { ValueKind: not JsonValueKind.Null } element)
        {
            return effort is null ? null : new Reasoning(effort);
        }

        var fields = JsonFields.Of(element, "reasoning");
        effort ??= OpenAIWords.Effort(fields.Text("effort"));
        if (fields.Bool("enabled") == false)
        {
            effort ??= ReasoningEffort.None;
        }

        return new Reasoning(effort, fields.Int("max_tokens"), fields.Bool("enabled") == true && effort is null,
            fields.Unknown(OpenAIChatFormat.FormatName, ["effort", "max_tokens", "enabled"])) { Place = fields.Place };
    }

    private static JsonDocument? Parse(ReadOnlySpan<byte> body, BodyMember? member)
    {
        if (member is not { } range)
        {
            return null;
        }

        var reader = new Utf8JsonReader(body[range.ValueStart..range.End], JsonLimits.Reader);
        return JsonDocument.ParseValue(ref reader);
    }
}
