using Sommelier.Canonical;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>Every caller's dialect to every vendor's format, whole and streamed: the lower half of docs/fidelity.md.</summary>
public sealed class PairTests
{
    public static TheoryData<string, string, bool, string> Cases => new(
        from caller in Target.All
        from vendor in Target.All
        from streamed in (bool[])[false, true]
        from scenario in PairScenario.All
        select (caller.Format, vendor.Format, streamed, scenario.Name));

    public static TheoryData<string, string, bool> Pairs => new(
        from caller in Target.All from vendor in Target.All from streamed in (bool[])[false, true] select (caller.Format, vendor.Format, streamed));

    public static TheoryData<string, string, bool> StreamedPairs => new(
        from caller in Target.All from vendor in Target.All select (caller.Format, vendor.Format, true));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_conversation_passes(string caller, string vendor, bool streamed, string scenario)
    {
        var plan = PairScenario.All.Single(each => each.Name == scenario);
        var run = Run(caller, vendor, streamed);
        var request = plan.Ask(RequestFeature.Plain);

        var received = await run.AnswerAsync(request, plan.Answer);

        Assert.Null(received.Error);
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.Equal(plan.Got(plan.Answer), plan.Got(run.Read(received)));
        if (run.Asked!.ResponseFormat?.Kind == request.ResponseFormat?.Kind)
        {
            Assert.Equal(plan.Asked(request), plan.Asked(run.Asked));
        }

        if (received.Attempt.Usage is { Estimated: false } usage)
        {
            Assert.Equal((100, 30), (usage.InputTokens, usage.OutputTokens));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_error_before_the_answer_is_told_with_the_kind_that_the_vendor_meant(string caller, string vendor, bool streamed)
    {
        var run = Run(caller, vendor, streamed);

        var received = await run.RunAsync(RequestFeature.Plain, run.Refuses(new(GatewayErrorKind.ContextLengthExceeded, "The prompt is too long: maximum context length is 10 tokens.", 400)));

        Assert.Equal(GatewayErrorKind.ContextLengthExceeded, received.Error!.Kind);
        Assert.Equal("", received.Text);
    }

    [Theory]
    [MemberData(nameof(StreamedPairs))]
    public async Task An_error_inside_the_stream_is_never_taken_for_an_end(string caller, string vendor, bool streamed)
    {
        var run = Run(caller, vendor, streamed);

        var received = await run.RunAsync(RequestFeature.Plain, run.BreaksWith(new(GatewayErrorKind.UpstreamUnavailable, "Overloaded.", 503)));

        Assert.Equal(AttemptOutcome.Broken, received.Attempt!.Outcome);
        var (steps, ended) = run.Steps(received);
        Assert.False(ended);
        Assert.Contains(steps, step => step is TextDelta { Text.Length: > 0 });
        Assert.Contains(steps, step => step is FailureDelta);
    }

    internal static PairRun Run(string caller, string vendor, bool streamed) =>
        new(Target.All.Single(target => target.Format == caller), Target.All.Single(target => target.Format == vendor), streamed);
}
