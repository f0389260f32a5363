using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Effort words and thinking budgets, each in terms of the other.</summary>
/// <remarks>
/// Shares of the output limit are OpenRouter's convention for models that take only a budget: 0.95, 0.8, 0.5, 0.2, 0.1.
/// The API refuses budgets under 1,024 tokens and budgets that leave no room for the answer.
/// </remarks>
internal static class AnthropicEffort
{
    /// <summary>The least budget that the API takes.</summary>
    public const int MinBudget = 1_024;

    private const int MaxBudget = 128_000;

    /// <summary>Reads the vendor's word; null when it is none.</summary>
    public static ReasoningEffort? Read(string? word) => word switch
    {
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.XHigh,
        "max" => ReasoningEffort.Max,
        _ => null,
    };

    /// <summary>The vendor's word; the least one for what is less.</summary>
    public static string Word(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.XHigh => "xhigh",
        ReasoningEffort.Max => "max",
        _ => "low",
    };

    /// <summary>The budget of an effort within an output limit; null when the limit leaves no room for the least budget.</summary>
    public static int? Budget(ReasoningEffort effort, int maxTokens)
    {
        if (maxTokens <= MinBudget)
        {
            return null;
        }

        var share = effort switch
        {
            ReasoningEffort.Minimal => 0.1,
            ReasoningEffort.Low => 0.2,
            ReasoningEffort.Medium => 0.5,
            ReasoningEffort.High => 0.8,
            _ => 0.95,
        };
        return Fit((int)(maxTokens * share), maxTokens);
    }

    /// <summary>A budget moved into what the API takes beside an output limit above <see cref="MinBudget"/>.</summary>
    public static int Fit(int budget, int maxTokens) => Math.Clamp(budget, MinBudget, Math.Min(MaxBudget, maxTokens - 1));

    /// <summary>The effort that a budget stands for: by its share of the limit, else by its size.</summary>
    public static ReasoningEffort OfBudget(int budget, int? maxTokens)
    {
        if (maxTokens is not > 0)
        {
            return budget switch
            {
                <= 2_048 => ReasoningEffort.Low,
                <= 8_192 => ReasoningEffort.Medium,
                _ => ReasoningEffort.High,
            };
        }

        return ((double)budget / maxTokens.Value) switch
        {
            < 0.35 => ReasoningEffort.Low,
            < 0.65 => ReasoningEffort.Medium,
            < 0.9 => ReasoningEffort.High,
            _ => ReasoningEffort.XHigh,
        };
    }
}
