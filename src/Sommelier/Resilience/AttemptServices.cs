using Sommelier.Upstream;

namespace Sommelier.Resilience;

/// <summary>What every attempt needs and all share.</summary>
/// <param name="Http">The way out.</param>
/// <param name="Health">Who is well.</param>
/// <param name="Time">The clock.</param>
/// <param name="Events">Who listens.</param>
/// <param name="Hedges">What second calls beside late ones may take.</param>
/// <param name="Slots">Where calls are limited in number.</param>
internal sealed record AttemptServices(UpstreamHttp Http, HealthTracker Health, TimeProvider Time, IAttemptEvents Events, HedgeBudget Hedges, DeploymentSlots Slots);
