using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Tests.Wire.Embeddings;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

/// <summary>What holds for every embeddings endpoint of every registered provider; a new one is covered without a line here.</summary>
public sealed class ProviderEmbeddingTests
{
    private static IEnumerable<(Provider Provider, ProviderEndpoint Endpoint)> All =>
        from provider in ProviderRegistry.All
        from endpoint in provider.Endpoints
        where WireFormats.Get(endpoint.Format).Operation == Operation.Embeddings
        select (provider, endpoint);

    public static TheoryData<string> Cases => [.. All.Select(Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Vectors_come_back_with_their_counts_and_their_price(string name)
    {
        var (endpoint, call, deployment) = Of(name);
        await using var rig = new AttemptRig();
        var server = Serve(rig, name, deployment, FaultReply.Json(EmbeddingWire.Answer(endpoint.Format, 1)));

        var received = await rig.ReceiveAsync(call);

        Assert.Null(received.Error);
        Assert.Equal(EmbeddingWire.Vectors[0], call.Format.Responses.Read(received.Bytes, WireQuirks.Default).Embeddings[0].Vector.ToArray());
        var usage = received.Attempt!.Usage!.Value;
        Assert.Equal(usage.Estimated ? 2 : 7, usage.InputTokens);
        Assert.Equal(PriceCalculator.Cost(deployment.Price!, usage, rig.Time.GetUtcNow()).ToNanoUsd(), received.Attempt.CostNanoUsd);
        var seen = server.Requests[0];
        Assert.Equal("POST", seen.Method);
        Assert.Contains(seen.Headers, header => header.Value.Contains(AttemptRig.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(AttemptRig.Key, seen.Path + seen.Body, StringComparison.Ordinal);
        Assert.Equal(endpoint.Path, Uri.UnescapeDataString(seen.Path).TrimStart('/').Replace(deployment.Model, "{model}", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Errors_have_the_kind_that_the_vendor_meant_and_the_key_is_in_none(string name)
    {
        var (endpoint, call, deployment) = Of(name);
        foreach (var (status, expected) in ((int, UpstreamFailureKind)[])
        [
            (400, UpstreamFailureKind.InvalidRequest),
            (401, UpstreamFailureKind.AuthenticationFailed),
            (429, UpstreamFailureKind.RateLimited),
            (503, UpstreamFailureKind.Unavailable),
        ])
        {
            await using var rig = new AttemptRig();
            rig.Limits = rig.Limits with { MaxAttempts = 1 };
            var body = endpoint.Format.StartsWith("ollama", StringComparison.Ordinal)
                ? $$"""{"error":"No, because of {{AttemptRig.Key}}."}"""
                : $$$"""{"error":{"code":{{{status}}},"message":"No, because of {{{AttemptRig.Key}}}."}}""";
            Serve(rig, name, deployment, FaultReply.Error(status, body, [("retry-after", "7")]));

            var received = await rig.ReceiveAsync(call);

            var attempt = Assert.Single(rig.Log);
            Assert.Equal(expected, attempt.Failure?.Kind);
            Assert.Equal(TimeSpan.FromSeconds(7), attempt.Failure!.RetryAfter);
            Assert.DoesNotContain(AttemptRig.Key, $"{attempt} {received.Error} {attempt.Failure.Message}", StringComparison.Ordinal);
        }
    }

    private static string Name((Provider Provider, ProviderEndpoint Endpoint) each) => $"{each.Provider.Name} {each.Endpoint.Format} {each.Endpoint.Path}";

    // Where several endpoints serve one model, a caller of the endpoint's own dialect gets it; else one of another, so that all is translated.
    private static (ProviderEndpoint Endpoint, InboundCall Call, Deployment Deployment) Of(string name)
    {
        var (provider, endpoint) = All.Single(each => Name(each) == name);
        var first = All.First(each => each.Provider == provider).Endpoint == endpoint;
        var caller = !first ? endpoint.Format : provider is Gemini ? "ollama-embeddings" : "gemini-embed";
        var model = Sommelier.Tests.Wire.Fidelity.Target.Model with { Id = $"{provider.Name}/maker/model-1:v2", Provider = provider.Name, Model = "maker/model-1:v2", Kind = ModelKind.Embedding };
        return (endpoint, EmbeddingWire.Call(caller, EmbeddingWire.IsSingle(caller) ? null : """{"model":"m","input":"a cat"}"""), model);
    }

    private static FaultServer Serve(AttemptRig rig, string name, Deployment deployment, FaultReply reply) =>
        rig.Serve(All.First(each => Name(each) == name).Provider, deployment, reply);
}
