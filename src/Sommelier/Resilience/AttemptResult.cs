using Sommelier.Canonical;

namespace Sommelier.Resilience;

/// <summary>What the attempt loop ends with before anything reached the caller: an answer or an error, never both.</summary>
/// <param name="Answer">The answer to commit to.</param>
/// <param name="Error">What to tell the caller instead.</param>
internal readonly record struct AttemptResult(CommittedAnswer? Answer, GatewayError? Error);
