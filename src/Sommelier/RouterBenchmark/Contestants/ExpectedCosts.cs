using Sommelier.Catalog;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>What a question is expected to cost: a price per estimated token, learnt from the train side by task.</summary>
/// <remarks>
/// A gateway knows prices and estimates tokens; a file knows what was spent. The price that makes the one the other is
/// spent / estimated tokens, drawn towards the price over all tasks by the weight of ten questions.
/// </remarks>
internal sealed class ExpectedCosts
{
    private const double Mass = 10;

    // Where there is no text, every question counts as many tokens.
    private const int TokensWithoutText = 1_000;

    private readonly double[] all;
    private readonly Dictionary<string, double[]> byTask = new(StringComparer.Ordinal);

    public ExpectedCosts(TrainSide train)
    {
        var models = train.Set.Models.Count;
        if (train.Set.Costs == CostSource.None)
        {
            all = Enumerable.Repeat(double.PositiveInfinity, models).ToArray();
            return;
        }

        all = Prices(train.Rows, models, new double[models], 0);
        var usual = train.Rows.Average(Tokens);
        foreach (var task in train.KnowsTasks ? train.Rows.GroupBy(KeyOf, StringComparer.Ordinal) : [])
        {
            byTask[task.Key] = Prices([.. task], models, all, Mass * usual);
        }
    }

    /// <summary>Names the task of a row.</summary>
    public static string KeyOf(OutcomeRow row) => string.Join('\u001f', row.Task);

    /// <summary>USD per estimated token and model; infinite when the set has no costs.</summary>
    /// <param name="task">The task's key; null for all tasks.</param>
    public double[] PerToken(string? task) => task is not null && byTask.TryGetValue(task, out var own) ? own : all;

    /// <summary>USD per model for a question.</summary>
    public double[] Of(OutcomeRow row) => Array.ConvertAll(PerToken(KeyOf(row)), price => price * Tokens(row));

    /// <summary>The models as deployments at the prices of a task; none has one when the set has no costs.</summary>
    public IReadOnlyList<Deployment> Deployments(IReadOnlyList<string> models, string? task) =>
        [.. models.Select((name, k) => new Deployment
        {
            // The catalog orders by id; the number keeps the set's order.
            Id = $"pool/{k:D4}",
            Provider = "pool",
            Model = name,
            CanonicalModel = name,
            Name = name,
            Price = PerToken(task)[k] is var price && double.IsFinite(price)
                ? new Price { InputUsdPerMillion = (decimal)(price * 1e6), OutputUsdPerMillion = (decimal)(price * 1e6), Source = "outcomes", SourceDate = DateOnly.MinValue }
                : null,
        })];

    private static double[] Prices(IReadOnlyList<OutcomeRow> rows, int models, double[] wider, double tokensOfWider)
    {
        var tokens = rows.Sum(Tokens) + tokensOfWider;
        return [.. Enumerable.Range(0, models).Select(k => (rows.Sum(r => r.Costs![k]) + (wider[k] * tokensOfWider)) / tokens)];
    }

    private static double Tokens(OutcomeRow row) =>
        row.Prompt is null ? TokensWithoutText : Math.Max(1, row.Signals.InputTokens + row.Signals.ExpectedOutputTokens);
}
