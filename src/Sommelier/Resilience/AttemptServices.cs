using Sommelier.Upstream;

namespace Sommelier.Resilience;

/// <summary>What every attempt needs and all share.</summary>
/// <param name="Http">The way out.</param>
/// <param name="Health">Who is well.</param>
/// <param name="Time">The clock.</param>
/// <param name="Events">Who listens.</param>
internal sealed record AttemptServices(UpstreamHttp Http, HealthTracker Health, TimeProvider Time, IAttemptEvents Events);
