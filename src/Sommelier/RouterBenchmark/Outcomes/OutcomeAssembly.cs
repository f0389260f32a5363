namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>Makes a set of a file's rows: the pool of models, and what a question cost with each.</summary>
internal static class OutcomeAssembly
{
    private const double CharactersPerToken = 4;

    /// <summary>A set to choose among many models.</summary>
    public static OutcomeSet Pool(string name, OutcomeMeta meta, IReadOnlyList<RawRow> rows, IReadOnlyList<string>? wanted)
    {
        var used = rows.Where(r => !r.Excluded).ToList();
        int[] pool = [.. Enumerable.Range(0, meta.Models.Count).Where(k => wanted?.Contains(meta.Models[k], StringComparer.Ordinal) ?? used.Count(r => !double.IsNaN(r.Scores[k])) >= OutcomeReader.LeastScored * used.Count)];
        if (pool.Length < 2)
        {
            throw new OutcomeException([$"{name}: fewer than two models have scores on {OutcomeReader.LeastScored:P0} of the rows. Leave out models or rows until two have."]);
        }

        string[] models = [.. pool.Select(k => meta.Models[k])];
        var whole = used.Where(r => pool.All(k => !double.IsNaN(r.Scores[k]))).ToList();
        var recorded = whole.All(r => r.Costs is { } c && pool.All(k => !double.IsNaN(c[k])));
        var source = recorded ? CostSource.Recorded : models.All(meta.UsdPerMillion.ContainsKey) ? CostSource.ListPrices : CostSource.None;
        return new()
        {
            Name = name,
            Models = models,
            Costs = source,
            ModelsLeftOut = meta.Models.Count - models.Length,
            RowsLeftOut = rows.Count - whole.Count,
            Rows = [.. whole.Select(r => new OutcomeRow(r.Id, r.Prompt, r.Stem, r.Task, Of(r.Scores, pool), source switch
            {
                CostSource.Recorded => Of(r.Costs!, pool),
                CostSource.ListPrices => ListPrice(r, models, pool, meta),
                _ => null,
            }))],
        };
    }

    /// <summary>A set to choose between a weak and a strong model.</summary>
    public static OutcomeSet Pair(string name, OutcomeMeta? meta, IReadOnlyList<RawRow> rows)
    {
        var scale = rows.Any(r => Array.Exists(r.Scores, s => s > 1)) ? 10.0 : 1;
        var used = rows.Where(r => !r.Excluded).ToList();
        return new()
        {
            Name = name,
            Models = meta?.Models ?? ["weak", "strong"],
            IsPair = true,
            RowsLeftOut = rows.Count - used.Count,
            Rows = [.. used.Select(r => new OutcomeRow(r.Id, r.Prompt, r.Stem, r.Task, Array.ConvertAll(r.Scores, s => s / scale), null))],
        };
    }

    private static double[] Of(double[] values, int[] pool) => Array.ConvertAll(pool, k => values[k]);

    private static double[] ListPrice(RawRow row, string[] models, int[] pool, OutcomeMeta meta)
    {
        var signals = new OutcomeRow(row.Id, row.Prompt, row.Stem, row.Task, row.Scores, null).Signals;
        return [.. models.Select((model, i) =>
        {
            var (input, output) = meta.UsdPerMillion[model];
            var characters = row.OutputCharacters?[pool[i]] ?? double.NaN;
            var answer = double.IsNaN(characters) ? signals.ExpectedOutputTokens : characters / CharactersPerToken;
            return ((signals.InputTokens * input) + (answer * output)) / 1e6;
        })];
    }
}
