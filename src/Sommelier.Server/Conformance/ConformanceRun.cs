using System.Globalization;
using Sommelier.Server.Conformance.Callers;

namespace Sommelier.Server.Conformance;

/// <summary>Plays cases one after the other, and judges what the caller sees of each.</summary>
/// <param name="upstream">The provider.</param>
/// <param name="caller">The caller.</param>
/// <param name="model">The name of the model that a play asks for.</param>
internal sealed class ConformanceRun(PlayedUpstream upstream, Caller caller, Func<Play, string> model)
{
    /// <summary>Plays one.</summary>
    public async Task<ConformanceResult> PlayAsync(Play play, CancellationToken cancellationToken)
    {
        var (verdict, duration) = await JudgeAsync(play, play.Case, cancellationToken);
        if (verdict.Passed && play.Case.AsksAgain)
        {
            var (next, _) = await JudgeAsync(play, FaultCases.All[0], cancellationToken);
            verdict = next.Passed ? verdict : new(false, $"{verdict.Seen}; then {next.Seen}", $"the next caller: {next.Fault}");
        }

        return new(play, verdict, duration);
    }

    /// <summary>Asks once, for nothing but to see that the gateway asks the upstream.</summary>
    /// <exception cref="IOException">It cannot be reached, or asks somebody else.</exception>
    public async Task CheckAsync(Play play, CancellationToken cancellationToken)
    {
        await upstream.PlayAsync(play.Case.Script, Task.CompletedTask);
        var view = await caller.AskAsync(play.Dialect, model(play), play.Streamed, new(), cancellationToken);
        if (upstream.Asked == 0)
        {
            throw new IOException(view.Status == 0
                ? $"the gateway cannot be reached: {view.Broken ?? "it does not answer"}."
                : string.Create(CultureInfo.InvariantCulture, $"the gateway answers {view.Status} to {play.Dialect.Path(model(play), play.Streamed)} without asking {upstream.BaseUrl}. Point it there, or ask in other --dialects: {Short(view.Body)}"));
        }
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private async Task<(Verdict Verdict, TimeSpan Duration)> JudgeAsync(Play play, FaultCase fault, CancellationToken cancellationToken)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await upstream.PlayAsync(fault.Script, seen.Task);
        var view = await caller.AskAsync(play.Dialect, model(play), play.Streamed, seen, cancellationToken);
        var verdict = Judge.Of(fault, play.Dialect, play.Streamed, view);

        // A right reply of a gateway that asked nobody proves nothing.
        var unasked = fault.Script is not null && upstream.Asked == 0;
        return (unasked ? verdict with { Passed = false, Fault = "the upstream was not asked" } : verdict, view.Duration);
    }
}
