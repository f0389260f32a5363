using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Server.Cli.Evals;

/// <summary>What <c>run</c>, <c>resume</c>, <c>amend</c> and the schedule have in common: make what a run lacks, then report.</summary>
/// <param name="context">The process.</param>
/// <param name="settings">How models are asked.</param>
internal sealed class EvalJob(CliContext context, RunSettings settings)
{
    // Above it a script must say that it means it, and a person is asked.
    private const decimal AskAboveUsd = 1;

    /// <summary>Makes what is missing of a run, and reports.</summary>
    public async Task<int> DoAsync(RunFolder folder, RunManifest manifest, IReadOnlyList<Suite> suites, bool again, CancellationToken cancellationToken)
    {
        var end = await MakeAsync(folder, manifest, suites, again, cancellationToken);
        return new ReportOutput(context).Print(RunReports.Read(folder, settings.Runs, end), folder, settings.Json, settings.FailInconclusive);
    }

    /// <summary>Makes what is missing of a run.</summary>
    /// <param name="folder">Where the run lies.</param>
    /// <param name="manifest">What it is of; on disk already, or about to be.</param>
    /// <param name="suites">Its suites.</param>
    /// <param name="again">Whether what is graded already is graded again.</param>
    /// <param name="cancellationToken">Interrupts it; it can be resumed.</param>
    public async Task<RunEnd> MakeAsync(RunFolder folder, RunManifest manifest, IReadOnlyList<Suite> suites, bool again, CancellationToken cancellationToken)
    {
        await using var gateway = await EvalGateway.StartAsync(context, settings.Serve, folder.Gateway, manifest.Simulated, manifest.Seed, cancellationToken);
        var models = gateway.Find(manifest.Models);
        manifest = manifest with { Models = [.. models.Select(static model => model.Name)] };
        Refuse(suites, models, gateway);
        RunReports.Baseline(manifest, settings.Runs);
        var order = WorkOrder.Of(suites, models, manifest.Repeats, manifest.Seed, manifest.Cases);
        var drawn = order.Select(static item => item.Case).ToHashSet<SuiteCase>(ReferenceEqualityComparer.Instance);
        var before = folder.ReadResults();
        var pairs = Pairs(order, models);
        var missing = order.Where(item => again || !before.IsDone(item.Key)).ToList();
        var kept = AnswerCache.Open(settings.UseCache ? [settings.Runs, folder.Path] : [folder.Path]);
        var guess = new CostGuess(context.Time);
        var compared = again ? PairResults.Empty : folder.ReadComparisons();
        var estimate = RunEstimate.Of(order, missing, kept, guess, settings.Concurrency) with
        {
            Comparisons = PairEstimate.Of([.. pairs.Where(pair => !pair.IsDone(before, compared))], gateway.Snapshot.Catalog, context.Time.GetUtcNow()),
        };
        var cap = Least([settings.MaxUsd, manifest.MaxUsd, .. suites.Select(static suite => suite.Budget.Usd)]);
        context.Error.WriteLine(EstimateText.Of(estimate, manifest, before.SpentUsd, cap));
        await ConfirmAsync(estimate, cap);
        Save(manifest);

        var stop = manifest.Stop && models.Count > 1
            ? new EarlyStop(order, models, before, suites.Select(static suite => suite.Stop).FirstOrDefault(static rule => rule is not null) ?? new())
            : null;
        using var interrupt = settings.Unattended ? null : new Interrupt(cancellationToken);
        var ending = interrupt?.Token ?? cancellationToken;
        RunEnd end;
        using (var log = ResultLog.Open(folder.Results))
        using (var judgements = JudgementLog.Open(folder.Judgements, settings.UseCache ? [settings.Runs, folder.Path] : again ? [] : [folder.Path]))
        {
            var spend = new SpendMeter(cap, before.SpentUsd);
            var patient = new PatientCaller(settings.StartAt, settings.Concurrency, context.Time, manifest.Seed);
            using var progress = RunProgress.For(context, missing.Count, manifest);
            var judges = new GatewayJudges(gateway.Caller, patient, gateway.Snapshot.Catalog, spend, judgements, context.Time);
            var runner = new EvalRunner
            {
                Caller = gateway.Caller,
                Patient = patient,
                Judges = judges,
                Spend = spend,
                Guess = guess,
                Log = log,
                Kept = kept,
                Progress = progress,
                Exam = gateway.Exam,
                Stop = stop,
                MaxCalls = suites.Min(static suite => suite.Budget.Calls),
                MaxTime = suites.Min(static suite => suite.Budget.Time),
                Time = context.Time,
            };
            end = stop?.Decided is true ? RunEnd.Decided : await runner.RunAsync(missing, ending);
            if (pairs.Count > 0 && end is RunEnd.Complete or RunEnd.Decided)
            {
                using var comparisons = LineLog.Open(folder.Comparisons);
                var comparing = new PairRunner { Judges = judges, Spend = spend, Answers = folder.ReadResults(), Log = comparisons, Progress = progress, Time = context.Time, Concurrency = settings.Concurrency, Simulated = manifest.Simulated };
                end = await comparing.RunAsync(pairs, compared, ending) is var ended and not RunEnd.Complete ? ended : end;
            }
        }

        if (end == RunEnd.Decided)
        {
            Save(manifest with { Decided = stop!.Verdicts });
        }

        return end;

        void Save(RunManifest latest) => folder.Save(
            WithPairs(latest, suites, pairs),
            suites.SelectMany(suite => suite.Cases.Where(drawn.Contains).Select(asked => CaseFacts.Of(suite, asked, latest.Repeats))));
    }

    private static IReadOnlyList<PairItem> Pairs(IReadOnlyList<WorkItem> order, IReadOnlyList<Candidate> models)
    {
        foreach (var suite in order.Select(static item => item.Suite).Distinct().Where(static suite => suite.Compare is not null))
        {
            if (suite.Compare!.Vs is { } vs and not SuiteComparison.EachOther && models.All(model => !string.Equals(model.Name, vs, StringComparison.Ordinal)))
            {
                throw new CliException($"{suite.File} compares with '{vs}', which is no model of the run ({string.Join(", ", models.Select(static model => model.Name))}). Add it to --models, or write 'vs: all'.");
            }

            if (suite.Compare.Judges.Any(static name => name is null) && suite.Judge is null)
            {
                throw new CliException($"{suite.File} compares, and names nobody to judge. Write judge: provider/model under compare or defaults.");
            }
        }

        return PairItem.Of(order, models);
    }

    private static RunManifest WithPairs(RunManifest manifest, IReadOnlyList<Suite> suites, IReadOnlyList<PairItem> pairs) => manifest with
    {
        Suites = [.. manifest.Suites.Select(reference => suites.First(suite => string.Equals(suite.Hash, reference.Hash, StringComparison.Ordinal)).Compare is not { } compare
            ? reference
            : reference with { Compare = new(pairs.Count(pair => string.Equals(pair.Suite.Hash, reference.Hash, StringComparison.Ordinal)), compare.Style) })],
    };

    private async Task ConfirmAsync(RunEstimate estimate, decimal? cap)
    {
        if (settings.Yes || cap is not null || estimate.TotalUsd <= AskAboveUsd || estimate.Simulated)
        {
            return;
        }

        if (!context.InputIsTerminal)
        {
            throw new CliException($"the run is expected to cost {estimate.TotalUsd:0.00} USD. Give --yes, or a cap with --max-usd.");
        }

        await context.Error.WriteAsync("Go on? [y/N] ");
        if (await context.Input.ReadLineAsync() is not ("y" or "Y" or "yes"))
        {
            throw new CliException("nothing was asked.");
        }
    }

    // A judge that is a candidate would judge itself, and the others by its own taste; under whatever provider's name.
    private static void Refuse(IReadOnlyList<Suite> suites, IReadOnlyList<Candidate> models, EvalGateway gateway)
    {
        foreach (var suite in suites)
        {
            foreach (var name in (suite.Compare?.Judges ?? []).Append(suite.Judge).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                if (Candidate.Find(name, gateway.Snapshot.Catalog, out var problem) is not { } judge)
                {
                    throw new CliException($"the judge of {suite.File} cannot be used: {problem}");
                }

                if (models.FirstOrDefault(model => string.Equals(model.Deployment.CanonicalModel, judge.Deployment.CanonicalModel, StringComparison.OrdinalIgnoreCase)) is { } same)
                {
                    throw new CliException($"{judge.Name} judges {suite.File} and {(string.Equals(judge.Deployment.Id, same.Deployment.Id, StringComparison.Ordinal) ? "is" : $"is the same model as {same.Name},")} a candidate too. Name another judge, or leave it out of --models.");
                }
            }
        }
    }

    private static decimal? Least(IEnumerable<decimal?> caps) => caps.Min();
}
