using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Tells a target how much to think, in the target's own way.</summary>
internal static class ReasoningKnobs
{
    /// <summary>Writes the target's fields into the open object.</summary>
    /// <param name="reasoning">What was asked.</param>
    /// <param name="field">What the caller called it, for warnings.</param>
    /// <param name="target">Who it goes to.</param>
    /// <param name="writer">Stands inside the request's object.</param>
    /// <param name="warnings">Takes what is lost.</param>
    public static void Write(Reasoning reasoning, string field, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var effort = reasoning.Effort;
        var speaksObject = target.Quirks.Reasoning == ReasoningKnob.ReasoningObject;
        var isOurs = string.Equals(reasoning.Extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal);
        if (!speaksObject || !isOurs)
        {
            Extras.Warn(reasoning.Extra, reasoning.Place, warnings);
        }

        if (effort is null && reasoning.BudgetTokens is null)
        {
            // Adaptive thinking is every target's default.
            if (speaksObject && isOurs)
            {
                writer.WriteStartObject("reasoning");
                Extras.Write(reasoning.Extra, writer, OpenAIChatFormat.FormatName, "reasoning", warnings);
                writer.WriteEndObject();
            }

            return;
        }

        switch (target.Quirks.Reasoning)
        {
            case ReasoningKnob.ReasoningEffort:
                WriteEffort(Word(reasoning, field, target, warnings), field, target, writer, warnings);
                break;
            case ReasoningKnob.ReasoningObject:
                writer.WriteStartObject("reasoning");
                if (effort is null)
                {
                    writer.WriteNumber("max_tokens", reasoning.BudgetTokens!.Value);
                }
                else
                {
                    writer.WriteString("effort", OpenAIWords.Effort(Nearest(effort.Value, field, target, warnings)));
                }

                if (isOurs)
                {
                    Extras.Write(reasoning.Extra, writer, OpenAIChatFormat.FormatName, "reasoning", warnings);
                }

                writer.WriteEndObject();
                break;
            case ReasoningKnob.ThinkingToggle:
                WriteToggle(reasoning, field, target, writer, warnings);
                break;
            case ReasoningKnob.EnableThinking:
                WriteEnable(reasoning, field, target, writer, warnings);
                break;
            default:
                warnings.Add(new Warning("dropped", field, "the model cannot be told how much to think"));
                break;
        }
    }

    /// <summary>The nearest word that the target knows; between two, the higher one.</summary>
    public static ReasoningEffort Nearest(ReasoningEffort effort, string field, WireTarget target, ICollection<Warning> warnings)
    {
        var known = target.Quirks.Efforts;
        if (known.Count == 0)
        {
            return effort;
        }

        var best = known[0];
        foreach (var candidate in known)
        {
            var distance = Math.Abs(candidate - effort);
            var least = Math.Abs(best - effort);
            if (distance < least || (distance == least && candidate > best))
            {
                best = candidate;
            }
        }

        if (best != effort)
        {
            warnings.Add(new Warning("clamped", field, $"{OpenAIWords.Effort(effort)} is not known to the model; {OpenAIWords.Effort(best)} was sent"));
        }

        return best;
    }

    private static void WriteEffort(ReasoningEffort effort, string field, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (target.Quirks.Unsupported.Contains("reasoning_effort"))
        {
            warnings.Add(new Warning("dropped", field, "the model cannot be told how much to think"));
            return;
        }

        writer.WriteString("reasoning_effort", OpenAIWords.Effort(effort));
    }

    private static void WriteToggle(Reasoning reasoning, string field, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject("thinking");
        writer.WriteString("type", reasoning.Effort == ReasoningEffort.None ? "disabled" : "enabled");
        writer.WriteEndObject();
        if (reasoning.Effort != ReasoningEffort.None && !target.Quirks.Unsupported.Contains("reasoning_effort"))
        {
            writer.WriteString("reasoning_effort", OpenAIWords.Effort(Word(reasoning, field, target, warnings)));
        }
        else if (reasoning.Effort != ReasoningEffort.None)
        {
            warnings.Add(new Warning("emulated", field, "the model knows only thinking on and off; it was turned on"));
        }
    }

    private static void WriteEnable(Reasoning reasoning, string field, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteBoolean("enable_thinking", reasoning.Effort != ReasoningEffort.None);
        if (reasoning.Effort == ReasoningEffort.None)
        {
            return;
        }

        if (reasoning.BudgetTokens is { } budget)
        {
            writer.WriteNumber("thinking_budget", budget);
        }
        else if (target.MaxOutputTokens is { } limit)
        {
            var share = (int)(limit * Share(reasoning.Effort!.Value));
            writer.WriteNumber("thinking_budget", Math.Max(share, 1));
            warnings.Add(new Warning("emulated", field, $"sent as a budget of {Math.Max(share, 1)} tokens"));
        }
        else
        {
            warnings.Add(new Warning("emulated", field, "the model's output limit is unknown, so thinking was turned on without a budget"));
        }
    }

    /// <summary>The word for a budget in tokens, at the sizes that gateways agree on: 1,024 is little, 2,048 the usual, more is much.</summary>
    public static ReasoningEffort OfBudget(int tokens) => tokens switch
    {
        <= 0 => ReasoningEffort.None,
        <= 1024 => ReasoningEffort.Low,
        <= 2048 => ReasoningEffort.Medium,
        _ => ReasoningEffort.High,
    };

    private static ReasoningEffort Word(Reasoning reasoning, string field, WireTarget target, ICollection<Warning> warnings)
    {
        if (reasoning.Effort is { } effort)
        {
            return Nearest(effort, field, target, warnings);
        }

        var word = OfBudget(reasoning.BudgetTokens ?? int.MaxValue);
        var known = Nearest(word, field, target, warnings);
        warnings.Add(new Warning("emulated", field, $"the budget of {reasoning.BudgetTokens} tokens was sent as the effort {OpenAIWords.Effort(known)}"));
        return known;
    }

    // Shares of the model's output limit.
    private static double Share(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.Minimal => 0.02,
        ReasoningEffort.Low => 0.1,
        ReasoningEffort.Medium => 0.3,
        ReasoningEffort.High => 0.6,
        _ => 0.9,
    };
}
