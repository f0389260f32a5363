namespace Sommelier.Ledger;

/// <summary>What one deployment did and cost on one UTC day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="DeploymentId">Who was called: <c>provider/model</c>.</param>
/// <param name="Attempts">How many upstream calls there were, failed ones included.</param>
/// <param name="InputTokens">All input tokens.</param>
/// <param name="OutputTokens">All output tokens.</param>
/// <param name="CostNanoUsd">Money in nano-USD, the estimated part included.</param>
/// <param name="EstimatedCostNanoUsd">Of it, what rests on estimated token counts.</param>
internal sealed record LedgerTotal(
    DateOnly Day, string DeploymentId, long Attempts, long InputTokens, long OutputTokens, long CostNanoUsd, long EstimatedCostNanoUsd);
