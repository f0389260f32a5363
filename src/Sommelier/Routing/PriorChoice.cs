namespace Sommelier.Routing;

/// <summary>What the conversation's last turn was served by.</summary>
/// <param name="DeploymentId">Who answered.</param>
/// <param name="At">When.</param>
/// <param name="CachedTokens">Input tokens that its provider's cache is believed to hold.</param>
public sealed record PriorChoice(string DeploymentId, DateTimeOffset At, int CachedTokens = 0);
