using Sommelier.Canonical;

namespace Sommelier.Wire.LangGraph;

/// <summary>Adds up the token counts of the model calls that one run makes.</summary>
internal sealed class UsageSum
{
    /// <summary>The sum; null while nothing was counted.</summary>
    public Usage? Total { get; private set; }

    /// <summary>Adds a call's counts, or a piece of them; null adds nothing.</summary>
    public void Add(Usage? more)
    {
        if (more is not { } next)
        {
            return;
        }

        var sum = Total ?? default;
        Total = sum with
        {
            InputTokens = sum.InputTokens + next.InputTokens,
            CacheReadInputTokens = sum.CacheReadInputTokens + next.CacheReadInputTokens,
            CacheCreationInputTokens = sum.CacheCreationInputTokens + next.CacheCreationInputTokens,
            InputAudioTokens = sum.InputAudioTokens + next.InputAudioTokens,
            OutputTokens = sum.OutputTokens + next.OutputTokens,
            ReasoningOutputTokens = sum.ReasoningOutputTokens + next.ReasoningOutputTokens,
            OutputAudioTokens = sum.OutputAudioTokens + next.OutputAudioTokens,
        };
    }

    /// <summary>Of two ways of counting the same run, the one that saw more of it.</summary>
    public static Usage? Larger(Usage? one, Usage? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        ({ } a, { } b) => a.InputTokens + a.OutputTokens >= b.InputTokens + b.OutputTokens ? a : b,
    };
}
