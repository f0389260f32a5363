using System.Text.RegularExpressions;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Resilience;
using Sommelier.Routing.Cascading;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway.Cascades;

/// <summary>A cheap model's answer to one request: asked, held, checked; given to the caller when it passes.</summary>
/// <remarks>
/// Every call is in the request's log, its journal and its hold, whatever becomes of the answer. What does not pass has been paid for and
/// is seen by nobody; the plan is gone through then, the one who is expected to do better first. One escalation, no more.
/// </remarks>
internal sealed class CascadeRun
{
    private readonly GatewayServices services;
    private readonly Flight flight;
    private readonly CascadePlan plan;
    private readonly CascadeSettings settings;
    private readonly Deployment[] others;
    private CancellationToken gone;

    private CascadeRun(GatewayServices services, Flight flight, CascadePlan plan, Deployment[] others) =>
        (this.services, this.flight, this.plan, this.others, settings) = (services, flight, plan, others, flight.Decision!.Query.Policy.Cascade!);

    /// <summary>Who answers first.</summary>
    public Deployment First => plan.First.Deployment;

    /// <summary>The most output tokens of the first answer, where there is a limit beside the caller's.</summary>
    public int? OutputCap => plan.OutputCap;

    /// <summary>The cascade of a flight whose costs are held; null where it has none, or not any more.</summary>
    /// <param name="services">What it works with.</param>
    /// <param name="flight">Decided, and held for.</param>
    /// <param name="usual">Whom the request may be sent to without a cascade.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    public static async ValueTask<CascadeRun?> ForAsync(GatewayServices services, Flight flight, Deployment[] usual, CancellationToken cancellationToken)
    {
        if (flight.Decision!.Cascade is not { Declined: null } plan)
        {
            return null;
        }

        flight.CascadeDeclined = Refusal(flight, plan) ?? RefusalOfTools(flight)
            ?? (usual.Contains(plan.Next.Deployment) && await services.Spending.AffordsCascadeAsync(flight, plan, cancellationToken) ? null : CascadeDecline.Budget);
        return flight.CascadeDeclined is null ? new(services, flight, plan, usual) : null;
    }

    /// <summary>Asks and checks. What came of it is the flight's <see cref="Flight.Cascaded"/>.</summary>
    /// <param name="call">What the caller wants.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>The answer; null when somebody else is to be asked.</returns>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<CommittedAnswer?> AnswerAsync(InboundCall call, CancellationToken cancellationToken)
    {
        gone = cancellationToken;
        var (within, started) = (TimeSpan.FromMilliseconds(settings.MaxExtraMs), services.Time.GetTimestamp());
        var held = await AskAsync(call, First, AttemptPurpose.Answer, within, cancellationToken);
        var left = within - services.Time.GetElapsedTime(started);
        using var patience = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var outcome = held is null ? WhyNone() : await CheckAsync(call, held, either.Token);
            cancellationToken.ThrowIfCancellationRequested();
            flight.Cascaded = patience.IsCancellationRequested && outcome != CascadeOutcome.Passed ? CascadeOutcome.Late : outcome;
        }
        finally
        {
            if (held is not null && flight.Cascaded != CascadeOutcome.Passed)
            {
                if (flight.Cascaded is not null)
                {
                    Mark(held.Number, static attempt => attempt with { Outcome = AttemptOutcome.Rejected });
                }

                await held.DisposeAsync();
            }
        }

        if (flight.Cascaded != CascadeOutcome.Passed)
        {
            return null;
        }

        Mark(held!.Number, static attempt => attempt with { OutputCommitted = true });
        return held;
    }

    /// <summary>Whom to ask after it: whoever is expected to do better, then the plan; the one who has answered already last.</summary>
    public Deployment[] Rest()
    {
        var next = flight.Cascaded == CascadeOutcome.Failed ? null : plan.Next.Deployment;
        return [.. next is null ? [] : new[] { next }, .. others.Where(one => one != next && one != First), .. others.Where(one => one == First)];
    }

    // Applications act, and a vendor that keeps a conversation has it from then on.
    private static CascadeDecline? Refusal(Flight flight, CascadePlan plan)
    {
        var bindings = flight.Snapshot.Bindings;
        var acts = bindings.Find(plan.First.Deployment.Provider) is { RunsApplications: true } || bindings.Find(plan.Next.Deployment.Provider) is { RunsApplications: true };
        var bound = flight.Outline is { Threaded: true } or { StoredPrompt: true } or { HasReferences: true } || flight.Call.Format is { Below: not null } or { OwnCallersOnly: true };
        return acts || bound ? CascadeDecline.Bound : null;
    }

    // A function is run by the caller, who has not seen the answer yet. A tool of the host's has run by then, and calls of those that targets
    // know by another name cannot be held against what was offered.
    private static CascadeDecline? RefusalOfTools(Flight flight)
    {
        if (flight.Outline is not { ToolCount: > 0 } outline)
        {
            return null;
        }

        try
        {
            return outline.CustomTools || flight.Call.Format.Requests.Read(flight.Body, flight.ReplyContext().Path).Tools.Any(static tool => tool.Opaque is not null) ? CascadeDecline.Tools : null;
        }
        catch (WireException)
        {
            // What is passed on as it is may be asked for in ways that cannot be read here.
            return CascadeDecline.Tools;
        }
    }

    private async ValueTask<CascadeOutcome> CheckAsync(InboundCall call, HeldAnswer held, CancellationToken cancellationToken)
    {
        try
        {
            if (Read(call.Format, held) is not { } response)
            {
                return CascadeOutcome.Failed;
            }

            var answer = CheckedAnswer.Of(response);
            if (CascadeChecks.Of(settings, call, response, answer, OutputCap is not null) is { } wrong)
            {
                return wrong;
            }

            return !await AgreesAsync(call, answer, cancellationToken) ? CascadeOutcome.Agree
                : !await JudgedAsync(call, answer, cancellationToken) ? CascadeOutcome.Judge
                : CascadeOutcome.Passed;
        }
        catch (Exception error) when (error is WireException or ArgumentException or RegexMatchTimeoutException)
        {
            // What is passed on as it is need not be readable to its end here, nor need a text be one that can be fenced in time:
            // an answer that cannot be checked does not pass.
            return CascadeOutcome.Failed;
        }
    }

    // One after another: as soon as enough agree, or can no more, nobody else is asked.
    private async ValueTask<bool> AgreesAsync(InboundCall call, CheckedAnswer answer, CancellationToken cancellationToken)
    {
        var agreeing = 1;
        for (var left = settings.Samples - 1; agreeing < settings.Agreeing && agreeing + left >= settings.Agreeing; left--)
        {
            if (!services.JournalAnother(flight, First, AttemptPurpose.Sample))
            {
                return false;
            }

            await using var other = await AskAsync(call, First, AttemptPurpose.Sample, null, cancellationToken);
            agreeing += other is not null && Read(call.Format, other) is { } response && !CascadeChecks.IsRefusal(response) && answer.Agrees(CheckedAnswer.Of(response)) ? 1 : 0;
        }

        return agreeing >= settings.Agreeing;
    }

    private async ValueTask<bool> JudgedAsync(InboundCall call, CheckedAnswer answer, CancellationToken cancellationToken)
    {
        if (plan.Judge?.Deployment is not { } judge)
        {
            return true;
        }

        var question = new CascadeJudge(settings, call.Request, answer.Words(), judge, flight.Call.RequestId, services.Time.GetUtcNow());
        if (!services.JournalAnother(flight, judge, AttemptPurpose.Judge, question.Call.Outline))
        {
            return false;
        }

        await using var reply = await AskAsync(question.Call, judge, AttemptPurpose.Judge, null, cancellationToken);
        try
        {
            return reply is not null && question.Passes(reply.Body);
        }
        catch (UpstreamException)
        {
            return false;
        }
    }

    // One call; null when there is no answer to its end. Whoever has all of the time and is not done within it has timed out, and its
    // health knows; a check that is cut off had what was left, which says nothing of who made it.
    private async ValueTask<HeldAnswer?> AskAsync(InboundCall call, Deployment deployment, AttemptPurpose purpose, TimeSpan? within, CancellationToken cancellationToken)
    {
        var before = flight.Attempts.Count;
        var limits = GatewayServices.LimitsFor(flight) with { MaxAttempts = 1, MaxAttemptsPerDeployment = 1, Hedge = null, OnBreak = OnBreak.Error, KeepAlive = TimeSpan.Zero };
        if (within is { } most)
        {
            limits = limits with { TotalTimeout = Shorter(limits.TotalTimeout, most), MaxRetryDelay = Shorter(limits.MaxRetryDelay, most) };
        }

        var result = await services.Attempts.RunAsync(call, [deployment], flight.Snapshot.Bindings, limits, flight.Attempts, cancellationToken);
        var held = result.Answer is { } answer ? await HoldAsync(answer, cancellationToken) : null;
        for (var at = before; at < flight.Attempts.Count; at++)
        {
            // Nothing of it has reached the caller.
            var attempt = flight.Attempts[at];
            flight.Attempts[at] = attempt with
            {
                Purpose = purpose,
                OutputCommitted = false,
                Outcome = attempt.Outcome switch
                {
                    AttemptOutcome.Broken => AttemptOutcome.Failed,
                    AttemptOutcome.Canceled when !gone.IsCancellationRequested => AttemptOutcome.Superseded,
                    var outcome => outcome,
                },
            };
        }

        return held;
    }

    private async ValueTask<HeldAnswer?> HoldAsync(CommittedAnswer answer, CancellationToken cancellationToken)
    {
        var writer = new HoldingWriter();
        try
        {
            // Closed at once: the deployment may be asked again, and have room for one call only.
            await using (answer)
            {
                var attempt = await answer.WriteToAsync(writer, cancellationToken);
                if (attempt.Outcome == AttemptOutcome.Succeeded)
                {
                    return new(writer, attempt with { OutputCommitted = true }, answer.Facts, answer.LateWarnings, flight.Attempts, services.Time)
                    {
                        Deployment = answer.AnsweredBy,
                        Streamed = answer.Streamed,
                        ContentType = answer.ContentType,
                        Warnings = answer.Warnings,
                    };
                }
            }
        }
        catch
        {
            writer.Release();
            throw;
        }

        writer.Release();
        return null;
    }

    // An answer of a form that its target only promised has been found wrong before it got here.
    private CascadeOutcome WhyNone() =>
        settings.Schema && flight.Attempts is [.., { Failure.Kind: UpstreamFailureKind.InvalidAnswer }] ? CascadeOutcome.Schema : CascadeOutcome.Failed;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Mark(int number, Func<Attempt, Attempt> change)
    {
        var at = flight.Attempts.FindIndex(attempt => attempt.Number == number);
        flight.Attempts[at] = change(flight.Attempts[at]);
    }

    private static ChatResponse? Read(IWireFormat format, HeldAnswer held)
    {
        try
        {
            return held.Streamed ? AnswerTranslation.Collect(format, WireQuirks.Default, held.Body) : format.Responses.Read(held.Body, WireQuirks.Default);
        }
        catch (UpstreamException)
        {
            return null;
        }
    }
}
