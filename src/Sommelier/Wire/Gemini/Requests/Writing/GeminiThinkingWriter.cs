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

            return;
        }

        writer.WriteStartObject("thinkingConfig"u8);
        if (quirks.Reasoning == ReasoningKnob.ThinkingConfigBudget)
        {
            Budget(reasoning, writer, warnings);
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

    private static void Budget(Reasoning reasoning, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (reasoning.BudgetTokens is { } budget)
        {
            writer.WriteNumber("thinkingBudget"u8, budget);
        }
        else if (reasoning.Adaptive)
        {
            writer.WriteNumber("thinkingBudget"u8, -1);
        }
        else if (reasoning.Effort is { } effort)
        {
            writer.WriteNumber("thinkingBudget"u8, GeminiThinking.Budget(effort));
            if (effort != ReasoningEffort.None)
            {
                warnings.Add(new Warning("emulated", "reasoning_effort", $"the model takes a budget; {GeminiThinking.Budget(effort)} tokens are sent"));
            }
        }
    }

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
