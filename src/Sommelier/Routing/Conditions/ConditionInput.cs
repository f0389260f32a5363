using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>What a condition sees of a request.</summary>
/// <param name="Model">The model name that the caller sent.</param>
/// <param name="Signals">What is known about the request.</param>
/// <param name="Hints">What the caller asked of Sommelier.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="LocalTime">The moment of the decision, in the time zone of the policies.</param>
public sealed record ConditionInput(string Model, RequestSignals Signals, CallerHints Hints, CallerFacts Caller, DateTimeOffset LocalTime);
