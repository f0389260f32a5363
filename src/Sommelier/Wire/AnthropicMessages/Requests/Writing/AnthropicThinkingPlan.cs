using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What to send of a wish for thinking: the <c>thinking</c> object's type and budget, and the effort.</summary>
/// <param name="Type"><c>enabled</c>, <c>adaptive</c>, <c>disabled</c> or a kept word; null for no object.</param>
/// <param name="Budget">The budget, with <c>enabled</c>.</param>
/// <param name="Effort">The effort; null for none.</param>
internal readonly record struct AnthropicThinkingPlan(string? Type, int? Budget, ReasoningEffort? Effort)
{
    /// <summary>Whether the model thinks, which forbids sampling settings and forced tools.</summary>
    public bool IsOn => Type is not (null or "disabled");

    /// <summary>Whether a request of this format must be rewritten for a target, because the target knows another knob.</summary>
    public static bool Differs(Reasoning reasoning, WireQuirks quirks)
    {
        var type = AnthropicReasoning.KeptType(reasoning);
        var asks = reasoning.Adaptive || reasoning.BudgetTokens is not null;
        return quirks.Reasoning switch
        {
            ReasoningKnob.None => type is not "disabled" && reasoning.Effort is not ReasoningEffort.None,
            ReasoningKnob.ThinkingBudget => quirks.Efforts.Count == 0
                && (reasoning.Adaptive || reasoning.Effort is not (null or ReasoningEffort.None)),
            _ => (asks && reasoning.BudgetTokens is not null)
                || (reasoning.Effort is { } effort and not ReasoningEffort.None && Nearest(effort, quirks) != effort),
        };
    }

    /// <summary>Plans for a target.</summary>
    /// <param name="request">The request.</param>
    /// <param name="quirks">How the target is told.</param>
    /// <param name="maxTokens">The output limit that will be sent.</param>
    /// <param name="warnings">Takes the losses.</param>
    /// <param name="format">The format that is written: what its own callers sent stays as it came where the target takes it.</param>
    public static AnthropicThinkingPlan For(
        ChatRequest request, WireQuirks quirks, int maxTokens, ICollection<Warning> warnings, string format = AnthropicMessagesFormat.FormatName)
    {
        if (request.Reasoning is not { } reasoning)
        {
            return default;
        }

        var isOwn = string.Equals(request.Format, format, StringComparison.Ordinal);
        if (isOwn && !Differs(reasoning, quirks))
        {
            return AsCame(reasoning);
        }

        if (quirks.Reasoning == ReasoningKnob.None)
        {
            if (reasoning.Effort is not ReasoningEffort.None)
            {
                warnings.Add(new Warning("dropped", "reasoning", "the model cannot be told to think"));
            }

            return default;
        }

        if (reasoning.Effort is ReasoningEffort.None)
        {
            return new("disabled", null, null);
        }

        return quirks.Reasoning == ReasoningKnob.ThinkingBudget
            ? ByBudget(reasoning, isOwn, maxTokens, warnings)
            : ByEffort(reasoning, isOwn, quirks, maxTokens, warnings);
    }

    // What a caller of this dialect sent, unchanged.
    private static AnthropicThinkingPlan AsCame(Reasoning reasoning)
    {
        var type = AnthropicReasoning.KeptType(reasoning)
            ?? (reasoning.Effort is ReasoningEffort.None ? "disabled"
                : reasoning.BudgetTokens is not null ? "enabled"
                : reasoning.Adaptive ? "adaptive" : null);
        return new(type, reasoning.BudgetTokens, reasoning.Effort is ReasoningEffort.None ? null : reasoning.Effort);
    }

    private static AnthropicThinkingPlan ByBudget(Reasoning reasoning, bool isOwn, int maxTokens, ICollection<Warning> warnings)
    {
        if (isOwn && !reasoning.Adaptive && reasoning.BudgetTokens is null)
        {
            warnings.Add(new Warning("dropped", "output_config.effort", "the model knows thinking budgets, not efforts"));
            return new(AnthropicReasoning.KeptType(reasoning), null, null);
        }

        // Adaptive thinking without an effort thinks as at the vendor's default effort.
        var budget = maxTokens <= AnthropicEffort.MinBudget ? null
            : reasoning.BudgetTokens is { } tokens ? AnthropicEffort.Fit(tokens, maxTokens)
            : AnthropicEffort.Budget(reasoning.Effort ?? ReasoningEffort.High, maxTokens);
        if (budget is null)
        {
            warnings.Add(new Warning(
                "dropped", "reasoning", $"an output limit of {maxTokens} leaves no room for the least thinking budget of {AnthropicEffort.MinBudget} tokens"));
            return default;
        }

        if (isOwn)
        {
            warnings.Add(new Warning("emulated", "thinking", $"the model takes a thinking budget; {budget} tokens are sent"));
        }

        return new("enabled", budget, null);
    }

    private static AnthropicThinkingPlan ByEffort(
        Reasoning reasoning, bool isOwn, WireQuirks quirks, int maxTokens, ICollection<Warning> warnings)
    {
        var wanted = reasoning.Effort
            ?? (reasoning.BudgetTokens is { } budget ? AnthropicEffort.OfBudget(budget, maxTokens) : (ReasoningEffort?)null);
        var effort = wanted is { } asked ? Nearest(asked, quirks) : (ReasoningEffort?)null;
        if (reasoning.BudgetTokens is not null)
        {
            warnings.Add(new Warning("emulated", "thinking.budget_tokens", $"the model takes an effort; '{AnthropicEffort.Word(effort!.Value)}' is sent"));
        }
        else if (effort != wanted)
        {
            warnings.Add(new Warning("clamped", "reasoning_effort", $"the model knows no '{wanted}' effort; '{AnthropicEffort.Word(effort!.Value)}' is sent"));
        }

        var type = AnthropicReasoning.KeptType(reasoning)
            ?? (!isOwn || reasoning.Adaptive || reasoning.BudgetTokens is not null ? "adaptive" : null);
        return new(type, null, effort);
    }

    // The nearest effort that the target knows; the API itself knows nothing under "low".
    private static ReasoningEffort Nearest(ReasoningEffort effort, WireQuirks quirks)
    {
        var asked = effort < ReasoningEffort.Low ? ReasoningEffort.Low : effort;
        ReasoningEffort? best = null;
        foreach (var known in quirks.Efforts)
        {
            if (known >= ReasoningEffort.Low && (best is null || Math.Abs(known - asked) < Math.Abs(best.Value - asked)))
            {
                best = known;
            }
        }

        return best ?? asked;
    }
}
