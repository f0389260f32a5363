using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes <c>thinkingConfig</c> in the currency that the model takes.</summary>
internal static class GeminiThinkingWriter
{
    /// <summary>Writes the member into the open <c>generationConfig</c>, where the caller asked for something.</summary>
    public static void Write(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.Reasoning is not { } reasoning)
        {
            return;
        }

        var isOwn = string.Equals(request.Format, GeminiFormat.FormatName, StringComparison.Ordinal);
        if (quirks.Reasoning is not (ReasoningKnob.ThinkingLevel or ReasoningKnob.ThinkingConfigBudget) && !isOwn)
        {
            if (reasoning.Effort != ReasoningEffort.None)
            {
                warnings.Add(new Warning("dropped", "reasoning_effort", "the model cannot be told how much to think"));
            }

            Extras.Warn(reasoning.Extra, reasoning.Place, warnings);
            return;
        }

        writer.WriteStartObject("thinkingConfig"u8);
        if (quirks.Reasoning == ReasoningKnob.ThinkingConfigBudget)
        {
            Budget(reasoning, quirks, isOwn, writer, warnings);
        }
        else
        {
            Level(reasoning, quirks, isOwn, writer, warnings);
        }

        if (string.Equals(reasoning.Extra?.Format, GeminiFormat.FormatName, StringComparison.Ordinal))
        {
            Extras.Write(reasoning.Extra, writer, GeminiFormat.FormatName, "thinkingConfig", warnings);
        }
        else
        {
            // Other dialects show the thinking to who asks for it; Google does so only on request.
            Extras.Warn(reasoning.Extra, reasoning.Place, warnings);
            if (!isOwn && reasoning.Effort != ReasoningEffort.None)
            {
                writer.WriteBoolean("includeThoughts"u8, true);
            }
        }

        writer.WriteEndObject();
    }

    private static void Budget(Reasoning reasoning, WireQuirks quirks, bool isOwn, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if ((reasoning.BudgetTokens ?? (reasoning.Adaptive ? -1 : reasoning.Effort is { } named ? GeminiThinking.Budget(named) : null)) is not { } asked)
        {
            return;
        }

        // -1 leaves it to the model. What Google's own caller says is Google's to judge.
        var budget = isOwn || asked < 0 ? asked : Within(asked, quirks);
        writer.WriteNumber("thinkingBudget"u8, budget);
        if (budget != asked || (reasoning is { BudgetTokens: null, Adaptive: false } && asked != 0))
        {
            warnings.Add(new Warning("emulated", "reasoning_effort", $"the model takes a budget; {budget} tokens are sent"));
        }
    }

    private static int Within(int asked, WireQuirks quirks) => asked == 0 && quirks.ThinkingCanBeOff
        ? 0
        : Math.Min(Math.Max(asked, quirks.ThinkingBudget.Least ?? 0), quirks.ThinkingBudget.Most ?? int.MaxValue);

    private static void Level(Reasoning reasoning, WireQuirks quirks, bool isOwn, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        // A budget of Google's own caller is sent as it came: newer models still read it.
        if (reasoning.BudgetTokens is { } budget && isOwn)
        {
            writer.WriteNumber("thinkingBudget"u8, budget);
            return;
        }

        if ((reasoning.Effort ?? (reasoning.BudgetTokens is { } tokens ? GeminiThinking.Effort(tokens) : null)) is not { } asked)
        {
            return;
        }

        var effort = GeminiThinking.Nearest(asked, quirks.Efforts);
        var level = GeminiThinking.Level(effort);
        writer.WriteString("thinkingLevel"u8, level);
        if (reasoning.BudgetTokens is not null || asked is ReasoningEffort.None or > ReasoningEffort.High || effort != asked)
        {
            warnings.Add(new Warning("emulated", "reasoning_effort", $"the model takes a level; {level} is sent"));
        }
    }
}
