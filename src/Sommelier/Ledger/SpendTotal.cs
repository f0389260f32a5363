using System.Runtime.InteropServices;

namespace Sommelier.Ledger;

/// <summary>What an account used within a window.</summary>
/// <param name="Requests">How many requests.</param>
/// <param name="Tokens">Input and output tokens together.</param>
/// <param name="CostNanoUsd">Money, in nano-USD, the estimated part included.</param>
/// <param name="EstimatedCostNanoUsd">Of it, what rests on estimated token counts.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpendTotal(long Requests, long Tokens, long CostNanoUsd, long EstimatedCostNanoUsd)
{
    /// <summary>Both together.</summary>
    /// <exception cref="OverflowException">The sum exceeds 64 bits.</exception>
    public static SpendTotal operator +(SpendTotal left, SpendTotal right)
    {
        checked
        {
            return new(left.Requests + right.Requests, left.Tokens + right.Tokens, left.CostNanoUsd + right.CostNanoUsd, left.EstimatedCostNanoUsd + right.EstimatedCostNanoUsd);
        }
    }
}
