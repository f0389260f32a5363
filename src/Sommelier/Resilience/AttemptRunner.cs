using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Upstream.Media;

namespace Sommelier.Resilience;

/// <summary>Works along route plans, each until one answer is worth committing to: see <see cref="AttemptLoop"/>.</summary>
internal sealed class AttemptRunner
{
    private readonly AttemptServices services;
    private readonly AttemptOpener opener;
    private readonly CandidateRequests requests;

    /// <summary>A runner; one serves all requests. The fetcher of media stays the giver's.</summary>
    public AttemptRunner(UpstreamHttp http, HealthTracker health, TimeProvider time, MediaFetcher media, IAttemptEvents? events = null)
    {
        services = new(http, health, time, events ?? NoAttemptEvents.Instance, new(time), new());
        opener = new(services);
        requests = new(services, media);
    }

    /// <summary>The deployments at which calls are under way, and how many.</summary>
    public IEnumerable<KeyValuePair<string, int>> Running() => services.Slots.Running();

    /// <summary>Asks the candidates until one answers.</summary>
    /// <param name="call">What the caller wants.</param>
    /// <param name="plan">Whom to ask, best first; one deployment for a model that was named outright.</param>
    /// <param name="bindings">The configured providers.</param>
    /// <param name="limits">What may be spent.</param>
    /// <param name="log">Takes every attempt as it ends; the answer's own only when it has been written or disposed.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    public ValueTask<AttemptResult> RunAsync(
        InboundCall call,
        IReadOnlyList<Deployment> plan,
        ProviderBindings bindings,
        AttemptLimits limits,
        List<Attempt> log,
        CancellationToken cancellationToken) =>
        new AttemptLoop(services, opener, requests, call, plan, bindings, limits, log).AnswerAsync(cancellationToken);
}
