using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;
using Sommelier.Upstream;

namespace Sommelier.Resilience;

/// <summary>A call that has begun.</summary>
/// <param name="Candidate">Who is asked.</param>
/// <param name="Scope">What it owns.</param>
internal readonly record struct BegunCall(NextCandidate Candidate, AttemptScope Scope);

/// <summary>Opens a request's first call, and asks a second candidate beside it when its content is late. Once per request at most.</summary>
/// <remarks>
/// The first to give content is the answer, whose beginning nobody has seen yet; the other is cancelled and billed by estimate. Never in
/// the middle of an agent's work, where the second model would act on what the first one has begun, nor with media, which are dear to send.
/// </remarks>
internal sealed class Hedge
{
    // Fewer times than this tell no 95th percentile.
    private const int LeastSeen = 20;

    private readonly AttemptServices services;
    private readonly AttemptOpener opener;
    private readonly HedgeSettings settings;
    private readonly AttemptLoop loop;
    private readonly InboundCall asked;
    private readonly OnBreak onBreak;

    private Hedge(AttemptServices services, AttemptOpener opener, HedgeSettings settings, AttemptLoop loop, InboundCall asked, OnBreak onBreak) =>
        (this.services, this.opener, this.settings, this.loop, this.asked, this.onBreak) = (services, opener, settings, loop, asked, onBreak);

    /// <summary>The hedge of a request; null where it has none.</summary>
    /// <param name="services">What attempts share.</param>
    /// <param name="opener">Opens calls.</param>
    /// <param name="settings">What the policy allows.</param>
    /// <param name="loop">Knows who is left.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="onBreak">What follows when its stream breaks.</param>
    public static Hedge? For(AttemptServices services, AttemptOpener opener, HedgeSettings settings, AttemptLoop loop, InboundCall asked, OnBreak onBreak)
    {
        if (asked.Outline is not { Stream: true, Operation: Operation.Chat, LastIsToolResult: false, MediaCount: 0 })
        {
            return null;
        }

        services.Hedges.Count(settings);
        return new(services, opener, settings, loop, asked, onBreak);
    }

    /// <summary>Opens the call, or whichever of two answers first.</summary>
    public async ValueTask<(BegunCall Call, Opening Opening)> OpenAsync(BegunCall first, CancellationToken cancellationToken)
    {
        if ((settings.After ?? services.Health.LateAfter(first.Scope.Deployment.Id, LeastSeen)) is not { } after)
        {
            return (first, await opener.OpenAsync(first.Scope));
        }

        var opening = opener.OpenAsync(first.Scope).AsTask();
        if (await EndsWithinAsync(opening, after, cancellationToken) || await BeginAsync(first, cancellationToken) is not { } begun)
        {
            return (first, await opening);
        }

        (first.Scope.Beside, begun.Call.Scope.Beside) = (begun.Call.Scope, first.Scope);
        var beside = opener.OpenAsync(begun.Call.Scope).AsTask();
        var isFirst = await Task.WhenAny(opening, beside) == opening;
        var (early, late) = isFirst ? ((first, opening), (begun.Call, beside)) : ((begun.Call, beside), (first, opening));
        var ended = await early.Item2;
        if (ended.Answer is null && ended.Failure is { } failure && RetryRule.Judge(failure) != RetryVerdict.Return)
        {
            Settle(first, HedgeOutcome.Failed, begun.Held, 0);
            loop.Failed(early.Item1, ended);
            return (late.Item1, await late.Item2);
        }

        var cost = await SupersedeAsync(late.Item1, late.Item2);
        Settle(first, ended.Answer is null ? HedgeOutcome.Failed : isFirst ? HedgeOutcome.Lost : HedgeOutcome.Won, begun.Held, cost);
        return (early.Item1, ended);
    }

    private async ValueTask<bool> EndsWithinAsync(Task opening, TimeSpan after, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = await Task.WhenAny(opening, Task.Delay(after, services.Time, timer.Token)) == opening;
        await timer.CancelAsync();
        return ended || cancellationToken.IsCancellationRequested;
    }

    private async ValueTask<(BegunCall Call, long Held)?> BeginAsync(BegunCall first, CancellationToken cancellationToken)
    {
        if (loop.Spare() is not { } spare)
        {
            return null;
        }

        // A price that nobody knows cannot be held to a budget.
        if (LeastCost(spare.Deployment) is not { } held || !services.Hedges.TryTake(settings, held))
        {
            loop.PutBack(spare);
            services.Events.Hedged(first.Scope.Deployment.Id, HedgeOutcome.OverBudget);
            return null;
        }

        if (await loop.BeginBesideAsync(asked, spare, onBreak, cancellationToken) is { } scope)
        {
            return (new(spare, scope), held);
        }

        services.Hedges.Settle(held, 0);
        return null;
    }

    private long? LeastCost(Deployment deployment) => deployment.Price is { } price
        ? PriceCalculator.Cost(price, UsageEstimate.Partial(null, asked.Outline), services.Time.GetUtcNow()).ToNanoUsd()
        : null;

    // Its end is waited for: the bill must be whole when the answer begins.
    private static async ValueTask<long> SupersedeAsync(BegunCall late, Task<Opening> opening)
    {
        var outcome = late.Scope.Watch.CallerGone ? AttemptOutcome.Canceled : AttemptOutcome.Superseded;
        late.Scope.Watch.Abandon();
        var ended = await opening;
        var attempt = late.Scope.End(outcome, ended.Answer?.Facts ?? ended.Facts);
        if (ended.Answer is { } unwanted)
        {
            await unwanted.DisposeAsync();
        }
        else
        {
            late.Scope.Dispose();
        }

        return attempt.CostNanoUsd;
    }

    private void Settle(BegunCall first, HedgeOutcome outcome, long held, long cost)
    {
        services.Hedges.Settle(held, cost);
        services.Events.Hedged(first.Scope.Deployment.Id, outcome);
    }
}
