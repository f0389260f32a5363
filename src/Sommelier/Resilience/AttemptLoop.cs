using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>Works along the route plan of one request until one answer is worth committing to.</summary>
/// <remarks>
/// Everything before that is invisible to the caller but for the time that it takes. Once the first byte has gone to the caller
/// the answer is committed: a later failure is reported. Only where the policy says so does the same plan serve once more, see
/// <see cref="StreamRecovery"/>.
/// </remarks>
internal sealed class AttemptLoop
{
    private readonly AttemptServices services;
    private readonly AttemptOpener opener;
    private readonly CandidateRequests requests;
    private readonly InboundCall call;
    private readonly ProviderBindings bindings;
    private readonly AttemptLimits limits;
    private readonly List<Attempt> log;
    private readonly long totalAt;
    private readonly DateTimeOffset deadline;
    private readonly ulong seed;
    private readonly PlanWalk walk;
    private readonly FailureReport report = new();
    private Deployment? noted;
    private EmbeddingBatches? batches;
    private int sent;

    /// <summary>At the plan's beginning; the time runs from here.</summary>
    public AttemptLoop(
        AttemptServices services, AttemptOpener opener, CandidateRequests requests, InboundCall call, IReadOnlyList<Deployment> plan,
        ProviderBindings bindings, AttemptLimits limits, List<Attempt> log)
    {
        (this.services, this.opener, this.requests, this.call, this.bindings, this.limits, this.log) = (services, opener, requests, call, bindings, limits, log);
        var time = services.Time;
        totalAt = time.GetTimestamp() + (long)(limits.TotalTimeout.TotalSeconds * time.TimestampFrequency);
        deadline = time.GetUtcNow() + limits.TotalTimeout;
        seed = RetryRule.Seed(call.Reply.FallbackId);
        walk = new PlanWalk(plan, limits, services.Health, services.Slots);
        noted = plan.Count > 0 ? plan[0] : null;
    }

    /// <summary>Asks the candidates until one answers.</summary>
    public ValueTask<AttemptResult> AnswerAsync(CancellationToken cancellationToken) => AskAsync(call, limits.OnBreak, cancellationToken);

    /// <summary>Asks those who are left after a stream broke, for all of the answer or for the rest of it.</summary>
    /// <param name="broken">The place in the plan of who broke off.</param>
    /// <param name="failure">What went wrong.</param>
    /// <param name="begun">What the caller has, to go on with it; null for a new answer.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>Null when nobody answers, or when nobody else would answer otherwise.</returns>
    public async ValueTask<CommittedAnswer?> AnswerAgainAsync(int broken, UpstreamFailure failure, SentAnswer? begun, CancellationToken cancellationToken)
    {
        if (walk.Failed(broken, failure, services.Time.GetUtcNow(), seed) == RetryVerdict.Return)
        {
            return null;
        }

        if (IsApplication(walk.At(broken)))
        {
            walk.DropAll(IsApplication);
        }

        var again = await AskAsync(begun is null ? call : call.Continuing(begun), OnBreak.Error, cancellationToken);
        return again.Answer;
    }

    private async ValueTask<AttemptResult> AskAsync(InboundCall asked, OnBreak onBreak, CancellationToken cancellationToken)
    {
        var time = services.Time;
        try
        {
            while (asked.Sent is not { Added: true } && sent < limits.MaxAttempts && time.GetUtcNow() < deadline && await NextAsync(cancellationToken) is { } next)
            {
                if (!await WaitAsync(next.Wait, cancellationToken))
                {
                    walk.Leave(next.Index);
                    return new(null, FailureReport.Canceled);
                }

                if (!await MayAskAsync(asked, next.Deployment, cancellationToken))
                {
                    walk.Leave(next.Index);
                    break;
                }

                AttemptScope? scope;
                try
                {
                    scope = await BeginAsync(asked, next, log.Count + 1, onBreak, cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return new(null, FailureReport.Canceled);
                }
                catch (WireException wrong)
                {
                    return new(null, wrong.Error);
                }

                if (scope is null)
                {
                    continue;
                }

                var batched = EmbeddingBatches.AreNeeded(scope);
                var hedge = sent++ == 0 && !batched && limits.Hedge is { } settings && !IsApplication(next.Deployment) ? Hedge.For(services, opener, settings, this, asked, onBreak) : null;
                Opening opening;
                if (batched)
                {
                    (scope, opening) = await (batches ??= new(services, opener, limits, log)).OpenAsync(scope, () => Watch(cancellationToken));
                }
                else
                {
                    ((next, scope), opening) = hedge is null
                        ? (new BegunCall(next, scope), await opener.OpenAsync(scope))
                        : await hedge.OpenAsync(new(next, scope), cancellationToken);
                }

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
                    scope.Request.Endpoint.Miss(time);
                    walk.Again(next.Index);
                    sent--;
                    scope.Dispose();
                    continue;
                }

                failure = scope.End(AttemptOutcome.Failed, opening.Facts, failure).Failure!;
                var ran = scope.MayHaveRun(failure);
                scope.Dispose();
                report.Add(next.Deployment, failure);
                if (scope.AnotherKeyMayDo && !ran)
                {
                    walk.Again(next.Index);
                }
                else if (walk.Failed(next.Index, failure, time.GetUtcNow(), seed) == RetryVerdict.Return)
                {
                    return new(null, FailureReport.Of(failure));
                }

                if (ran)
                {
                    // What it has done cannot be undone, and must not be done twice.
                    report.Ran = true;
                    walk.DropAll(IsApplication);
                }
            }

            return new(null, cancellationToken.IsCancellationRequested ? FailureReport.Canceled : report.Sum(call.Format.Name));
        }
        finally
        {
            // The answer may stream for long, and nobody else will be asked, unless it breaks.
            asked.DropFetched();
        }
    }

    // The first call was held for and noted before the loop began, though perhaps under the name of one who is left alone now.
    private async ValueTask<bool> MayAskAsync(InboundCall asked, Deployment next, CancellationToken cancellationToken)
    {
        if (asked.MayAskAnother is not { } may || (sent == 0 && ReferenceEquals(next, noted)))
        {
            return true;
        }

        noted = next;
        return await may(next, cancellationToken) || sent == 0;
    }

    // Who has a slot now; where everybody that is left is full, who has one soon.
    private async ValueTask<NextCandidate?> NextAsync(CancellationToken cancellationToken)
    {
        var time = services.Time;
        if (walk.Next(time.GetUtcNow(), deadline) is { } next)
        {
            return next;
        }

        if (walk.Full is null)
        {
            return null;
        }

        using var waiter = services.Slots.BeginToWait();
        using var timer = new CancellationTokenSource(limits.MaxRetryDelay, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        while (true)
        {
            var freed = waiter.Freed;
            if (walk.Next(time.GetUtcNow(), deadline) is { } soon)
            {
                return soon;
            }

            if (walk.Full is not { } full)
            {
                return null;
            }

            try
            {
                await freed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                report.Add(full, new(UpstreamFailureKind.RateLimited, "All calls that max_concurrency allows are running.", RetryAfter: limits.MaxRetryDelay));
                return null;
            }
        }
    }

    // Null when the candidate cannot be asked; it is out then.
    private async ValueTask<AttemptScope?> BeginAsync(InboundCall asked, NextCandidate next, int number, OnBreak onBreak, CancellationToken cancellationToken)
    {
        UpstreamRequest? request;
        try
        {
            request = await requests.WriteAsync(asked, next.Deployment, bindings, report, deadline - services.Time.GetUtcNow(), cancellationToken);
        }
        catch
        {
            walk.Leave(next.Index);
            throw;
        }

        if (request is null)
        {
            walk.Drop(next.Index);
            return null;
        }

        return new(services, asked, next.Deployment, request, limits, log, number, Watch(cancellationToken))
        {
            Recovery = StreamRecovery.For(this, asked, next.Index, onBreak),
        };
    }

    /// <summary>Who could be asked beside a call that runs; null when nobody is left.</summary>
    public NextCandidate? Spare() => sent < limits.MaxAttempts ? walk.Spare(services.Time.GetUtcNow()) : null;

    /// <summary>Begins a call beside the one that runs; null when it cannot be asked or paid.</summary>
    public async ValueTask<AttemptScope?> BeginBesideAsync(InboundCall asked, NextCandidate spare, OnBreak onBreak, CancellationToken cancellationToken)
    {
        try
        {
            if (IsApplication(spare.Deployment) || (asked.MayAskBeside is { } may && !await may(spare.Deployment, cancellationToken)))
            {
                walk.PutBack(spare.Index);
                return null;
            }

            var scope = await BeginAsync(asked, spare, log.Count + 2, onBreak, cancellationToken);
            sent += scope is null ? 0 : 1;
            return scope;
        }
        catch (Exception failure) when (failure is OperationCanceledException or WireException)
        {
            // The call that runs will tell.
            return null;
        }
    }

    /// <summary>Leaves somebody for later who was to be asked beside another.</summary>
    public void PutBack(NextCandidate spare) => walk.PutBack(spare.Index);

    /// <summary>One of two calls failed, and the other runs on.</summary>
    public void Failed(BegunCall call, Opening opening)
    {
        var failure = call.Scope.End(AttemptOutcome.Failed, opening.Facts, opening.Failure).Failure!;
        call.Scope.Dispose();
        report.Add(call.Candidate.Deployment, failure);
        walk.Failed(call.Candidate.Index, failure, services.Time.GetUtcNow(), seed);
    }

    private bool IsApplication(Deployment deployment) => bindings.Find(deployment.Provider) is { RunsApplications: true };

    // An older local server speaks only its own format: that is no fault of the deployment, and the other way is open.
    private bool LacksEndpoint(AttemptScope scope, UpstreamFailure failure) =>
        failure.IsNoEndpoint && scope.Request.Provider.MayLack(scope.Request.Endpoint, scope.Deployment, services.Time);

    private Watchdog Watch(CancellationToken cancellationToken) => new(services.Time, totalAt, cancellationToken);

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
