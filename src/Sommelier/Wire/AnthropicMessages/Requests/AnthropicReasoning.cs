using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads <c>thinking</c> and <c>output_config.effort</c>.</summary>
internal static class AnthropicReasoning
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Reads both; null when neither is there.</summary>
    public static Reasoning? Read(JsonFields root)
    {
        var word = root.Object("output_config")?.Text("effort");
        var effort = AnthropicEffort.Read(word);
        if (word is not null && effort is null)
        {
            throw FieldError.Unknown("output_config.effort", word, "low, medium, high, xhigh, max");
        }

        return Read(root.Object("thinking"), effort);
    }

    /// <summary>Reads the thinking beside an effort; null when neither is there.</summary>
    /// <param name="asked">The object <c>thinking</c>.</param>
    /// <param name="effort">The effort, wherever it stood.</param>
    public static Reasoning? Read(JsonFields? asked, ReasoningEffort? effort)
    {
        if (asked is not { } thinking)
        {
            return effort is null ? null : new Reasoning(effort);
        }

        var type = thinking.RequiredText("type", "'adaptive', 'enabled' or 'disabled'");
        var extra = thinking.Unknown(Format, ["type", "budget_tokens"]);
        var budget = thinking.Int("budget_tokens");
        return type switch
        {
            "enabled" => new Reasoning(effort, budget, Extra: extra) { Place = thinking.Place },
            "adaptive" => new Reasoning(effort, Adaptive: true, Extra: extra) { Place = thinking.Place },
            "disabled" when effort is null => new Reasoning(ReasoningEffort.None, Extra: extra) { Place = thinking.Place },
            // Kinds that came later, and "disabled" beside an effort, keep their word.
            _ => new Reasoning(effort, budget, Adaptive: type is not "disabled", WithType(extra, type)) { Place = thinking.Place },
        };
    }

    /// <summary>The kind of thinking that was kept as a word, or null.</summary>
    public static string? KeptType(Reasoning reasoning) =>
        AnthropicExtraFields.Own(reasoning.Extra, "type") is { } json ? json.Trim('"') : null;

    private static Extra WithType(Extra? extra, string type)
    {
        var word = new KeyValuePair<string, string>("type", $"\"{System.Text.Json.JsonEncodedText.Encode(type)}\"");
        return new Extra(Format, extra is null ? [word] : [word, .. extra.Fields]);
    }
}
