using System.Runtime.ExceptionServices;
using Sommelier.Canonical;

namespace Sommelier.Evals.Runs;

/// <summary>Works through a run's items: asks, grades, and puts each result on record before its place is given to the next.</summary>
internal sealed class EvalRunner
{
    private readonly Lock telling = new();
    private readonly HashSet<string> unusable = new(StringComparer.Ordinal);
    private ExceptionDispatchInfo? fault;
    private int calls;
    private RunEnd end = RunEnd.Complete;

    /// <summary>Sends.</summary>
    public required GatewayCaller Caller { get; init; }

    /// <summary>Waits and repeats.</summary>
    public required PatientCaller Patient { get; init; }

    /// <summary>Judges.</summary>
    public required GatewayJudges Judges { get; init; }

    /// <summary>The money.</summary>
    public required SpendMeter Spend { get; init; }

    /// <summary>What calls will cost.</summary>
    public required CostGuess Guess { get; init; }

    /// <summary>Takes results.</summary>
    public required ResultLog Log { get; init; }

    /// <summary>Answers that need not be asked for again.</summary>
    public required AnswerCache Kept { get; init; }

    /// <summary>Is told.</summary>
    public required IRunProgress Progress { get; init; }

    /// <summary>Ends a comparison that is decided; null: runs go to their end.</summary>
    public EarlyStop? Stop { get; init; }

    /// <summary>Told of what is asked when models are simulated; else null.</summary>
    public SimulatedExam? Exam { get; init; }

    /// <summary>The most calls; null for any number.</summary>
    public int? MaxCalls { get; init; }

    /// <summary>The most time; null for any.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Models that could not be asked.</summary>
    public IReadOnlyCollection<string> Unusable => unusable;

    /// <summary>Works through items in their order; providers beside each other.</summary>
    public async Task<RunEnd> RunAsync(IReadOnlyList<WorkItem> items, CancellationToken cancellationToken)
    {
        // When the run is over nothing more begins; what runs is paid for, so it runs to its end. Only the caller ends that too.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var clock = MaxTime is { } most ? Time.CreateTimer(_ => End(RunEnd.Budget, over), null, most, Timeout.InfiniteTimeSpan) : null;
        await Task.WhenAll(items.GroupBy(static item => item.Model.Deployment.Provider, StringComparer.Ordinal).Select(lane => LaneAsync(lane, over, cancellationToken)));
        fault?.Throw();
        return cancellationToken.IsCancellationRequested ? RunEnd.Canceled : end;
    }

    private async Task LaneAsync(IEnumerable<WorkItem> items, CancellationTokenSource over, CancellationToken cancellationToken)
    {
        var running = new HashSet<Task>();
        try
        {
            foreach (var item in items)
            {
                var limit = Patient.LimitOf(item.Model.Deployment.Provider);
                await limit.EnterAsync(over.Token);
                running.RemoveWhere(static task => task.IsCompleted);
                running.Add(PlacedAsync(item, limit, over, cancellationToken));
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Over, for the reason that stands in end, or because the caller wants it.
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task PlacedAsync(WorkItem item, AdaptiveLimit limit, CancellationTokenSource over, CancellationToken cancellationToken)
    {
        try
        {
            if (!over.IsCancellationRequested)
            {
                await ItemAsync(item, limit, over, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // What was not answered is missing; a later run asks again.
        }
        catch (Exception failure)
        {
            // A full disk, a mistake of ours: the run cannot go on.
            fault ??= ExceptionDispatchInfo.Capture(failure);
            await over.CancelAsync();
        }
        finally
        {
            limit.Leave();
        }
    }

    private async Task ItemAsync(WorkItem item, AdaptiveLimit limit, CancellationTokenSource over, CancellationToken cancellationToken)
    {
        var (asked, error, spent) = (item.Case, "", 0m);
        var answer = asked.Output is { } written
            ? new EvalAnswer { Text = written.Text, ToolCalls = written.ToolCalls }
            : Kept.Find(item.AnswerKey()) is { } kept ? kept with { Kept = true } : null;
        if (answer is null)
        {
            if (IsUnusable(item.Model) || await HoldAsync(item, over) is not { } held)
            {
                return;
            }

            var made = default(PatientResult);
            try
            {
                Exam?.Ask(item);
                made = await Patient.CallAsync(limit, token => Caller.AskAsync(item.Model.Deployment, asked.Body, asked.Intent, token), cancellationToken);
                Guess.Saw(item.Model, made.SpentUsd);
            }
            catch (CandidateUnusableException failure)
            {
                Drop(item.Model, failure.Message);
                return;
            }
            finally
            {
                Spend.Settle(held, made.SpentUsd);
            }

            spent = made.SpentUsd;
            (answer, error) = Read(item.Model, made);
        }

        var result = new EvalResult { Key = item.Key, AnswerKey = item.AnswerKey(), At = Time.GetUtcNow(), Answer = answer, Error = error, SpentUsd = spent };
        if (answer is not null)
        {
            result = await GradedAsync(item, result, answer, cancellationToken);
            if (Judges.Exhausted)
            {
                End(RunEnd.Budget, over);
            }
        }

        Log.Append(result);
        lock (telling)
        {
            Progress.Done(result, Spend.SpentUsd);
            if (Stop?.Add(item, result) is true)
            {
                End(RunEnd.Decided, over);
            }
        }
    }

    private async Task<EvalResult> GradedAsync(WorkItem item, EvalResult result, EvalAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            var view = CaseGrading.View(item.Case, answer, item.Model.Deployment.Id, Judges.For(item.Suite, item.Model));
            var (grades, score, passed) = await CaseGrading.GradeAsync(item.Case, view, cancellationToken);
            return result with { Grades = grades, Score = score, Passed = passed };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The answer is paid for and stays; it is graded when the run is resumed.
            return result;
        }
    }

    // The money that is held for a call; null ends the run.
    private async ValueTask<decimal?> HoldAsync(WorkItem item, CancellationTokenSource over)
    {
        var held = MaxCalls is { } most && Interlocked.Increment(ref calls) > most ? null : await Spend.BeginAsync(() => Guess.Of(item), over.Token);
        if (held is null)
        {
            End(RunEnd.Budget, over);
        }

        return held;
    }

    private static (EvalAnswer? Answer, string Error) Read(Candidate model, PatientResult made)
    {
        var call = made.Call;
        var answer = new EvalAnswer
        {
            Text = "",
            Usage = call.Usage,
            CostUsd = CostGuess.IsPriced(model) ? call.CostUsd : null,
            Latency = call.Latency,
            Attempts = made.Attempts,
            Simulated = model.Deployment.Simulated,
        };
        if (call.Response is { } response)
        {
            return (answer with
            {
                Text = string.Concat(response.Parts.Select(static part => part switch { TextPart text => text.Text, RefusalPart refusal => refusal.Text, _ => "" })),
                ToolCalls = [.. response.Parts.OfType<ToolCallPart>()],
                FinishReason = response.FinishReason.Kind,
                ResponseModel = response.ResponseModel,
            }, "");
        }

        // Nothing, a refusal of the content and an answer of the wrong form are the model's doing; all else is missing, not wrong.
        return call.Failure?.Kind switch
        {
            UpstreamFailureKind.ContentFiltered => (answer with { FinishReason = FinishReasonKind.ContentFilter }, ""),
            UpstreamFailureKind.EmptyAnswer or UpstreamFailureKind.InvalidAnswer => (answer with { FinishReason = FinishReasonKind.Other }, ""),
            _ => (null, call.Error?.Message ?? "no answer came"),
        };
    }

    private bool IsUnusable(Candidate model)
    {
        lock (telling)
        {
            return unusable.Contains(model.Name);
        }
    }

    private void Drop(Candidate model, string why)
    {
        lock (telling)
        {
            if (unusable.Add(model.Name))
            {
                Progress.Unusable(model, why);
            }
        }
    }

    private void End(RunEnd why, CancellationTokenSource over)
    {
        lock (telling)
        {
            if (over.IsCancellationRequested)
            {
                return;
            }

            end = why;
        }

        over.Cancel();
    }
}
