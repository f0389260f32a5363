using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Upstream.Media;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>Writes the request for each candidate, with what has to be fetched or sent ahead for it.</summary>
internal sealed class CandidateRequests(AttemptServices services, MediaFetcher media)
{
    /// <summary>
    /// Writes a call for a deployment. Ends at once unless media must be fetched or sent ahead, for which there is as much time as the
    /// whole request has left.
    /// </summary>
    /// <returns>
    /// Null when the candidate cannot be asked: it is not configured or has no endpoint for it, it would lose a field of a strict
    /// caller, or media that it does not read by address cannot be fetched for it. The report then knows why.
    /// </returns>
    /// <exception cref="WireException">The caller's request is wrong.</exception>
    public async ValueTask<UpstreamRequest?> WriteAsync(
        InboundCall call, Deployment deployment, ProviderBindings bindings, FailureReport report, TimeSpan left, CancellationToken cancellationToken)
    {
        if (bindings.Find(deployment.Provider) is not { } provider)
        {
            return null;
        }

        provider = provider.Ring?.Choose(deployment.Model, services.Time.GetUtcNow(), RetryRule.Fraction(RetryRule.Seed(call.Reply.FallbackId))) ?? provider;
        BoundEndpoint endpoint;
        FetchedMedia? fetched = null;
        try
        {
            endpoint = UpstreamRequest.EndpointFor(call, deployment, provider, services.Time);
            var target = endpoint.TargetFor(deployment);
            if (RemoteMedia.MayBeNeeded(call, endpoint, target))
            {
                fetched = await RemoteMedia.FetchAsync(call, endpoint, target, media, left, cancellationToken);
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
                report.Add(deployment, error is UpstreamException refused ? provider.WithoutKey(refused.Failure) : TransportFailures.Read(error));
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
}
