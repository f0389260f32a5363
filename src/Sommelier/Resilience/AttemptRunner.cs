using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Upstream.Media;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>Works along a route plan until one answer is worth committing to.</summary>
/// <remarks>
/// Once the first byte of it has gone to the caller the answer is committed: a later failure is reported, not retried,
/// because a second model cannot finish another model's sentence. Everything before that is invisible to the caller but
/// for the time that it takes.
/// </remarks>
internal sealed class AttemptRunner
{
    private readonly AttemptServices services;
    private readonly AttemptOpener opener;
    private readonly MediaFetcher media;

    /// <summary>A runner; one serves all requests. The fetcher of media stays the giver's.</summary>
    public AttemptRunner(UpstreamHttp http, HealthTracker health, TimeProvider time, MediaFetcher media, IAttemptEvents? events = null)
    {
        this.media = media;
        services = new(http, health, time, events ?? NoAttemptEvents.Instance);
        opener = new(services);
    }

    /// <summary>Asks the candidates until one answers.</summary>
    /// <param name="call">What the caller wants.</param>
    /// <param name="plan">Whom to ask, best first; one deployment for a model that was named outright.</param>
    /// <param name="bindings">The configured providers.</param>
    /// <param name="limits">What may be spent.</param>
    /// <param name="log">Takes every attempt as it ends; the answer's own only when it has been written or disposed.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    public async ValueTask<AttemptResult> RunAsync(
        InboundCall call,
        IReadOnlyList<Deployment> plan,
        ProviderBindings bindings,
        AttemptLimits limits,
        List<Attempt> log,
        CancellationToken cancellationToken)
    {
        try
        {
            var time = services.Time;
            var totalAt = time.GetTimestamp() + (long)(limits.TotalTimeout.TotalSeconds * time.TimestampFrequency);
            var deadline = time.GetUtcNow() + limits.TotalTimeout;
            var seed = RetryRule.Seed(call.Reply.FallbackId);
            var walk = new PlanWalk(plan, limits, services.Health);
            var report = new FailureReport();
            for (var sent = 0; sent < limits.MaxAttempts && time.GetUtcNow() < deadline && walk.Next(time.GetUtcNow(), deadline) is { } next;)
            {
                if (!await WaitAsync(next.Wait, cancellationToken))
                {
                    services.Health.Release(next.Deployment.Id);
                    return new(null, FailureReport.Canceled);
                }

                if (sent > 0 && call.MayAskAnother is { } may && !await may(next.Deployment, cancellationToken))
                {
                    services.Health.Release(next.Deployment.Id);
                    break;
                }

                UpstreamRequest? request;
                try
                {
                    request = await WriteAsync(call, next.Deployment, bindings, report, deadline - time.GetUtcNow(), cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    services.Health.Release(next.Deployment.Id);
                    return new(null, FailureReport.Canceled);
                }
                catch (WireException wrong)
                {
                    services.Health.Release(next.Deployment.Id);
                    return new(null, wrong.Error);
                }
                catch
                {
                    services.Health.Release(next.Deployment.Id);
                    throw;
                }

                if (request is null)
                {
                    walk.Drop(next.Index);
                    continue;
                }

                sent++;
                var scope = new AttemptScope(services, call, next.Deployment, request, limits, log, new(time, totalAt, cancellationToken));
                var opening = await opener.OpenAsync(scope);
                if (opening.Answer is { } answer)
                {
                    return new(answer, null);
                }

                if (opening.Failure is not { } failure)
                {
                    scope.End(AttemptOutcome.Canceled, opening.Facts);
                    scope.Dispose();
                    return new(null, FailureReport.Canceled);
                }

                if (LacksEndpoint(scope, failure))
                {
                    request.Endpoint.Missing = true;
                    walk.Again(next.Index);
                    sent--;
                    scope.Dispose();
                    continue;
                }

                failure = scope.End(AttemptOutcome.Failed, opening.Facts, failure).Failure!;
                scope.Dispose();
                report.Add(next.Deployment, failure);
                if (walk.Failed(next.Index, failure, time.GetUtcNow(), seed) == RetryVerdict.Return)
                {
                    return new(null, FailureReport.Of(failure));
                }
            }

            return new(null, report.Sum());
        }
        finally
        {
            // The answer may stream for long, and nobody else will be asked.
            call.DropFetched();
        }
    }

    // Null when the candidate cannot be asked: it is not configured or has no endpoint for it, it would lose a field of a
    // strict caller, or media that it does not read by address cannot be fetched for it.
    // Ends at once unless media must be fetched, for which there is as much time as the whole request has left.
    private async ValueTask<UpstreamRequest?> WriteAsync(
        InboundCall call, Deployment deployment, ProviderBindings bindings, FailureReport report, TimeSpan left, CancellationToken cancellationToken)
    {
        if (bindings.Find(deployment.Provider) is not { } provider)
        {
            return null;
        }

        BoundEndpoint endpoint;
        FetchedMedia? fetched = null;
        try
        {
            endpoint = UpstreamRequest.EndpointFor(call, deployment, provider);
            if (RemoteMedia.MayBeNeeded(call, endpoint, endpoint.TargetFor(deployment)))
            {
                fetched = await RemoteMedia.FetchAsync(call, endpoint, media, left, cancellationToken);
            }
        }
        catch (WireException unserved)
        {
            // The next candidate may have such an endpoint, or read addresses itself.
            report.Loss ??= unserved.Error;
            return null;
        }

        UploadedFiles? uploads = null;
        if (endpoint.Uploads is not null && call.Outline.MediaCount > 0)
        {
            try
            {
                uploads = await UploadAsync(call, provider, endpoint, left, cancellationToken);
            }
            catch (Exception error) when (error is not WireException && !cancellationToken.IsCancellationRequested)
            {
                report.Add(deployment, error is UpstreamException refused ? refused.Failure with { Message = provider.WithoutKey(refused.Failure.Message) } : TransportFailures.Read(error));
                return null;
            }
        }

        var request = UpstreamRequest.Write(call, deployment, provider, endpoint, fetched, uploads);
        if (call.Strict && request.LossFor(deployment) is { } loss)
        {
            report.Loss ??= loss;
            request.Dispose();
            return null;
        }

        return request;
    }

    private async ValueTask<UploadedFiles?> UploadAsync(
        InboundCall call, BoundProvider provider, BoundEndpoint endpoint, TimeSpan left, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(left, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        return await UploadedFiles.SendAsync(call.Request, provider, endpoint, services.Http, services.Time, either.Token);
    }

    // An older local server speaks only its own format: that is no fault of the deployment, and the other way is open.
    private static bool LacksEndpoint(AttemptScope scope, UpstreamFailure failure) =>
        failure.Status is 404 or 405 && scope.Request.Provider.MayLack(scope.Request.Endpoint, scope.Deployment);

    // False when the caller went away.
    private async ValueTask<bool> WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait <= TimeSpan.Zero)
        {
            return !cancellationToken.IsCancellationRequested;
        }

        try
        {
            await Task.Delay(wait, services.Time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
