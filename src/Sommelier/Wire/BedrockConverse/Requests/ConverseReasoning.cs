using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>
/// Reads how much the model shall think: Bedrock's own <c>outputConfig.effort</c>, and what Claude is told in
/// <c>additionalModelRequestFields</c>. Words of other models' own stay as they are.
/// </summary>
internal static class ConverseReasoning
{
    /// <summary>Reads it; null when nothing is said that is understood.</summary>
    /// <param name="more">The object <c>additionalModelRequestFields</c>, perhaps absent.</param>
    /// <param name="output">The object <c>outputConfig</c>, perhaps absent.</param>
    /// <param name="known">The fields of <paramref name="more"/> of which nothing is left to carry.</param>
    public static Reasoning? Read(JsonFields more, JsonFields output, out string[] known)
    {
        var effort = output.Element.ValueKind == JsonValueKind.Object ? Word(output, static word => word switch
        {
            "none" => ReasoningEffort.None,
            "minimal" => ReasoningEffort.Minimal,
            _ => AnthropicEffort.Read(word),
        }) : null;
        var thinking = Thinking(more);
        var hasOwn = effort is null && HasEffortAlone(more);
        if (hasOwn)
        {
            effort = Word(more.Object("output_config")!.Value, AnthropicEffort.Read);
        }

        known = (thinking, hasOwn) switch
        {
            (not null, true) => ["thinking", "output_config"],
            (not null, false) => ["thinking"],
            (null, true) => ["output_config"],
            _ => [],
        };
        return AnthropicReasoning.Read(thinking, effort);
    }

    private static ReasoningEffort? Word(JsonFields owner, Func<string?, ReasoningEffort?> read) =>
        owner.Text("effort") is not { } word ? null : read(word) ?? throw FieldError.Unknown(owner.At("effort"), word, "low, medium, high, xhigh, max");

    // As Claude knows it; other makers' models have a field of the same name with other words in it.
    private static JsonFields? Thinking(JsonFields more)
    {
        if (Member(more, "thinking") is not { } thinking)
        {
            return null;
        }

        var type = thinking.TryGetProperty("type", out var word) && word.ValueKind == JsonValueKind.String ? word : default;
        var isKnown = type.ValueKind == JsonValueKind.String && (type.ValueEquals("adaptive"u8) || type.ValueEquals("disabled"u8)
            || (type.ValueEquals("enabled"u8) && thinking.TryGetProperty("budget_tokens", out var budget) && budget.ValueKind == JsonValueKind.Number));
        return isKnown ? new JsonFields(thinking, more.At("thinking")) : null;
    }

    private static bool HasEffortAlone(JsonFields more) =>
        Member(more, "output_config") is { } config && config.EnumerateObject().All(static member => member.NameEquals("effort"u8) && member.Value.ValueKind == JsonValueKind.String);

    private static JsonElement? Member(JsonFields more, string name) =>
        more.Element.ValueKind == JsonValueKind.Object && more.Element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
