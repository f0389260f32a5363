using Sommelier.Canonical;

namespace Sommelier.Ledger;

/// <summary>Tokens and money of a request: the sum over its attempts, what was estimated totalled apart.</summary>
internal readonly record struct LedgerSums
{
    /// <summary>All input tokens.</summary>
    public long InputTokens { get; init; }

    /// <summary>Of them, read from a cache.</summary>
    public long CacheReadInputTokens { get; init; }

    /// <summary>Of them, written to a cache.</summary>
    public long CacheCreationInputTokens { get; init; }

    /// <summary>Of all input tokens, those of audio.</summary>
    public long InputAudioTokens { get; init; }

    /// <summary>All output tokens.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Of them, spent on reasoning.</summary>
    public long ReasoningOutputTokens { get; init; }

    /// <summary>Of all output tokens, those of audio.</summary>
    public long OutputAudioTokens { get; init; }

    /// <summary>Money, in nano-USD, the estimated part included.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>Of it, what rests on estimated token counts.</summary>
    public long EstimatedCostNanoUsd { get; init; }

    /// <summary>Whether any part was estimated.</summary>
    public bool Estimated { get; init; }

    /// <summary>The sum over a request's attempts; the losers' cost counts too.</summary>
    /// <exception cref="OverflowException">The sum exceeds 64 bits: money is never wrapped around silently.</exception>
    public static LedgerSums Of(IReadOnlyList<Attempt> attempts)
    {
        long input = 0, read = 0, written = 0, inputAudio = 0, output = 0, reasoning = 0, outputAudio = 0, cost = 0, estimatedCost = 0;
        var estimated = false;
        for (var i = 0; i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            var usage = attempt.Usage.GetValueOrDefault();
            checked
            {
                input += usage.InputTokens;
                read += usage.CacheReadInputTokens;
                written += usage.CacheCreationInputTokens;
                inputAudio += usage.InputAudioTokens;
                output += usage.OutputTokens;
                reasoning += usage.ReasoningOutputTokens;
                outputAudio += usage.OutputAudioTokens;
                cost += attempt.CostNanoUsd;
                estimatedCost += usage.Estimated ? attempt.CostNanoUsd : 0;
            }

            estimated |= usage.Estimated;
        }

        return new LedgerSums
        {
            InputTokens = input,
            CacheReadInputTokens = read,
            CacheCreationInputTokens = written,
            InputAudioTokens = inputAudio,
            OutputTokens = output,
            ReasoningOutputTokens = reasoning,
            OutputAudioTokens = outputAudio,
            CostNanoUsd = cost,
            EstimatedCostNanoUsd = estimatedCost,
            Estimated = estimated,
        };
    }
}
