using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.TestKit;
using Sommelier.Tests.Resilience;

namespace Sommelier.Tests.Providers;

/// <summary>What holds for every endpoint of every registered provider; a new provider is covered without a line here.</summary>
public sealed class ProviderConformanceTests
{
    public static TheoryData<string> Cases => [.. ProviderCase.All.Select(each => each.ToString())];

    public static TheoryData<string, bool> Ways => new(from each in ProviderCase.All from streamed in (bool[])[false, true] select (each.ToString(), streamed));

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_answer_comes_back_with_its_counts_and_its_price(string name, bool streamed)
    {
        var provider = ProviderCase.Of(name);
        await using var rig = new AttemptRig();
        var server = provider.Serve(rig, provider.Answer(streamed));

        var received = await rig.ReceiveAsync(provider.Call(streamed));

        Assert.Null(received.Error);
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.Contains("Hello.", received.Text, StringComparison.Ordinal);
        var usage = Assert.IsType<Usage>(received.Attempt.Usage);

        // A workflow of Dify tells only how many tokens it was in all.
        Assert.Equal(provider.Endpoint.Path == "workflows/run", usage.Estimated);
        if (!usage.Estimated)
        {
            Assert.Equal((100, 30), (usage.InputTokens, usage.OutputTokens));
            Assert.Equal(PriceCalculator.Cost(provider.Deployment.Price!, ProviderCase.Counts, rig.Time.GetUtcNow()).ToNanoUsd(), received.Attempt.CostNanoUsd);
        }

        var seen = server.Requests[0];
        Assert.Equal("POST", seen.Method);
        Assert.Contains(seen.Headers, header => header.Value.Contains(AttemptRig.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(AttemptRig.Key, seen.Path + seen.Body, StringComparison.Ordinal);
        var template = (streamed ? provider.Endpoint.StreamPath : null) ?? provider.Endpoint.Path;
        Assert.Equal(template.Replace("{+model}", "{model}", StringComparison.Ordinal), Template(seen.Path));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Errors_have_the_kind_that_the_vendor_meant_and_the_key_is_in_none(string name)
    {
        var provider = ProviderCase.Of(name);
        foreach (var (status, kind, expected) in ((int, GatewayErrorKind, UpstreamFailureKind)[])
        [
            (401, GatewayErrorKind.Unauthenticated, UpstreamFailureKind.AuthenticationFailed),
            (403, GatewayErrorKind.Forbidden, UpstreamFailureKind.AuthenticationFailed),
            (404, GatewayErrorKind.ModelNotFound, UpstreamFailureKind.ModelNotFound),
            (429, GatewayErrorKind.RateLimited, UpstreamFailureKind.RateLimited),
            (500, GatewayErrorKind.Internal, UpstreamFailureKind.Unavailable),
            (503, GatewayErrorKind.UpstreamUnavailable, UpstreamFailureKind.Unavailable),
        ])
        {
            await using var rig = new AttemptRig();
            rig.Limits = rig.Limits with { MaxAttempts = 1 };
            provider.Serve(rig, provider.Refusal(status, kind, $"No, because of {AttemptRig.Key}."));

            var received = await rig.ReceiveAsync(provider.Call(streamed: false));

            var attempt = Assert.Single(rig.Log);
            Assert.Equal(expected, attempt.Failure?.Kind);
            Assert.DoesNotContain(AttemptRig.Key, $"{attempt} {received.Error} {attempt.Failure?.Message}", StringComparison.Ordinal);
            if (kind == GatewayErrorKind.RateLimited)
            {
                Assert.Equal(TimeSpan.FromSeconds(7), attempt.Failure!.RetryAfter);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_error_inside_a_stream_is_no_end(string name)
    {
        var provider = ProviderCase.Of(name);
        await using var rig = new AttemptRig();
        rig.Limits = rig.Limits with { MaxAttempts = 1 };
        provider.Serve(rig, provider.BrokenBy(new(GatewayErrorKind.RateLimited, $"Slow down, {AttemptRig.Key}.", 429)));
        var call = provider.Call(streamed: true);

        var received = await rig.ReceiveAsync(call);

        // What comes in one piece with the error is not given out: nothing has been committed yet.
        var attempt = Assert.Single(rig.Log);
        Assert.NotEqual(AttemptOutcome.Succeeded, attempt.Outcome);
        Assert.Contains("Slow down", attempt.Failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AttemptRig.Key, $"{received.Text} {received.Error} {attempt}", StringComparison.Ordinal);
        Assert.DoesNotContain(call.Format.Name == "openai-chat" ? "[DONE]" : "message_stop", received.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_caller_that_leaves_closes_the_upstream_connection_at_once(string name) => AtOnce.HoldsAsync(() => LeaveAsync(name));

    // How long the upstream connection outlives its caller.
    private static async Task<TimeSpan> LeaveAsync(string name)
    {
        var provider = ProviderCase.Of(name);
        await using var rig = new AttemptRig();
        var server = provider.Serve(rig, provider.Stalled());
        using var leaving = new CancellationTokenSource();

        var result = await rig.RunAsync(provider.Call(streamed: true), leaving.Token);
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var writing = result.Answer!.WriteToAsync(pipe.Writer, leaving.Token).AsTask();
        await pipe.Reader.ReadAsync();
        var left = TimeProvider.System.GetTimestamp();
        await leaving.CancelAsync();
        var attempt = await writing;
        var closed = await (await server.RequestAsync(0)).ClosedByPeer;

        Assert.Equal(AttemptOutcome.Canceled, attempt.Outcome);
        await result.Answer.DisposeAsync();
        return TimeProvider.System.GetElapsedTime(left, closed);
    }

    private static string Template(string path) => Uri.UnescapeDataString(path).TrimStart('/').Replace("maker/model-1:v2", "{model}", StringComparison.Ordinal);
}
