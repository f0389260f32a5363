using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Tells a target how much to think: <c>reasoning: { effort, summary }</c>.</summary>
internal static class ResponsesReasoning
{
    /// <summary>Writes the object into the open request.</summary>
    public static void Write(Reasoning reasoning, string format, WireTarget target, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var isOurs = ResponsesItemExtra.IsOwn(reasoning.Extra);
        var field = Field(format, reasoning);
        if (!isOurs)
        {
            Extras.Warn(reasoning.Extra, reasoning.Place, warnings);
        }

        var effort = reasoning.Effort ?? OfBudget(reasoning.BudgetTokens);
        if (target.Quirks.Reasoning == ReasoningKnob.None || target.Quirks.Unsupported.Contains("reasoning"))
        {
            // A model that does not think does as one that is told not to.
            if (effort is not (null or ReasoningEffort.None))
            {
                warnings.Add(new Warning("dropped", field, "the model cannot be told how much to think"));
            }

            if (isOurs)
            {
                Extras.Warn(reasoning.Extra, "reasoning", warnings);
            }

            return;
        }

        if (effort is null && !isOurs)
        {
            return;
        }

        writer.WriteStartObject("reasoning");
        if (effort is { } asked)
        {
            var known = ReasoningKnobs.Nearest(asked, field, target, warnings);
            writer.WriteString("effort", OpenAIWords.Effort(known));
            if (reasoning.Effort is null)
            {
                warnings.Add(new Warning("emulated", field, $"the budget of {reasoning.BudgetTokens} tokens was sent as the effort {OpenAIWords.Effort(known)}"));
            }
        }

        if (isOurs)
        {
            Extras.Write(reasoning.Extra, writer, OpenAIResponsesFormat.FormatName, "reasoning", warnings);
        }

        writer.WriteEndObject();
    }

    private static string Field(string format, Reasoning reasoning) => format switch
    {
        OpenAIResponsesFormat.FormatName => "reasoning.effort",
        OpenAIChatFormat.FormatName => reasoning.BudgetTokens is null ? "reasoning_effort" : "reasoning.max_tokens",
        _ => reasoning.BudgetTokens is null ? "output_config.effort" : "thinking.budget_tokens",
    };

    private static ReasoningEffort? OfBudget(int? tokens) => tokens is { } budget ? ReasoningKnobs.OfBudget(budget) : null;
}
