using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Scheduling;

/// <summary>What a run has cost, from its records.</summary>
/// <param name="ByDay">USD on each day (UTC), judges included.</param>
/// <param name="DearestUsd">The most that one record cost; 0 without any.</param>
internal sealed record RunSpend(IReadOnlyDictionary<DateOnly, decimal> ByDay, decimal DearestUsd)
{
    /// <summary>Of a run; nothing where there is none yet.</summary>
    public static RunSpend Of(RunFolder folder)
    {
        var results = ResultLog.Read(folder.Results).Select(static result => (result.At, result.SpentUsd));
        var judgements = LineLog.Read(folder.Judgements).Select(static line => Judgement.Read(line.Line)).OfType<Judgement>().Select(static said => (said.At, said.SpentUsd));
        var all = results.Concat(judgements).ToList();
        return new(
            all.GroupBy(static one => DateOnly.FromDateTime(one.At.UtcDateTime)).ToDictionary(static day => day.Key, static day => day.Sum(static one => one.SpentUsd)),
            all.Select(static one => one.SpentUsd).DefaultIfEmpty(0).Max());
    }
}
