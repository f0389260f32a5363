using System.Security.Cryptography;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.CatalogBuilder.Facts;

namespace Sommelier.CatalogBuilder.Quality;

/// <summary>Builds quality.json: for every chat model of the catalog and every intent a Beta distribution and its evidence.</summary>
public static class QualityBuild
{
    // The same weights served faster, under another name and price.
    private static readonly string[] FastVariants = ["-highspeed", "-ultraspeed", "-fast", "-prime"];

    /// <summary>The file's bytes.</summary>
    public static byte[] Run(string data, List<ProviderModels> facts, FamilyLines lines, TextWriter report)
    {
        var table = SourceTable.Load();
        var folder = Path.Combine(data, "routing", "leaderboards");
        var measured = AbilityFit.Fit(table, Score.ReadAll(table, folder), report).ToDictionary(m => m.Model, StringComparer.Ordinal);
        var models = Kin.All(facts, lines);
        var unhosted = measured.Keys.Except(models.Select(m => m.Model), StringComparer.Ordinal).ToArray();
        report.WriteLine($"{measured.Count} measured models, {models.Count} in the catalog, {models.Count(m => measured.ContainsKey(m.Model))} in both; not hosted any more: {string.Join(", ", unhosted)}");

        var kinship = new Kinship(models, measured, report);
        var keep = ProfileKept(models, measured);
        report.WriteLine($"share of a donor's strengths and weaknesses that the next model of its line keeps: {keep:0.00}");

        SortedDictionary<string, QualityEstimate[]> rows = new(StringComparer.Ordinal);
        foreach (var kin in models.Where(k => measured.ContainsKey(k.Model)))
        {
            rows[kin.Model] = OfMeasured(table, measured[kin.Model], kinship.Guess(kin).Ability);
        }

        // What a model measured in full is worth at each intent: a guess is worth less than that.
        var usual = Enumerable.Range(0, Intents.Count)
            .Select(t => Median(rows.Where(r => measured[r.Key].Columns > 20).Select(r => r.Value[t].Mass)))
            .ToArray();
        foreach (var kin in models.Where(k => !measured.ContainsKey(k.Model)))
        {
            rows[kin.Model] = OfGuess(table, kinship.Guess(kin), measured, keep, usual);
        }

        foreach (var kin in models.Where(k => !measured.ContainsKey(k.Model)))
        {
            var ending = FastVariants.FirstOrDefault(v => kin.Model.EndsWith(v, StringComparison.Ordinal));
            if (ending is not null && rows.TryGetValue(kin.Model[..^ending.Length], out var same))
            {
                rows[kin.Model] = same.Select(e => e with { Evidence = $"guess: as {kin.Model[..^ending.Length]}", Inherited = true }).ToArray();
            }
        }

        foreach (var family in models.Where(m => m.Line.Length > 0 && m.Family.Length > 0).GroupBy(m => m.Family))
        {
            // A model of a family that the catalog does not list is believed to be like the newest that it lists.
            var newest = family.OrderByDescending(m => m.Years).ThenBy(m => m.Model, StringComparer.Ordinal).First();
            rows["family:" + family.Key] = rows[newest.Model].Select(e => QualityEstimate.FromBeta(e.Mean, Math.Max(QualityTable.Nothing.Mass, e.Mass / 2), $"guess: family {family.Key}, as {newest.Model}", inherited: true)).ToArray();
        }

        Print(rows, report);
        return Write(rows);
    }

    private static QualityEstimate[] OfMeasured(SourceTable table, Measured own, double guess)
    {
        var overall = Kinship.Shrunk(own, guess);
        var row = new QualityEstimate[Intents.Count];
        for (var t = 0; t < row.Length; t++)
        {
            var prior = Success(table, t, overall);
            var n = Math.Min(own.ItemsByIntent[t] * table.ItemWeight, table.MaxMass - table.PriorMass);
            var mean = ((prior * table.PriorMass) + (Success(table, t, own.ByIntent[t]) * n)) / (table.PriorMass + n);
            row[t] = n > 0
                ? QualityEstimate.FromBeta(mean, table.PriorMass + n, own.Evidence[t], inherited: false)
                : QualityEstimate.FromBeta(prior, table.PriorMass + Math.Min(own.Columns, 10), $"overall, {own.AllEvidence}", inherited: true);
        }

        return row;
    }

    private static QualityEstimate[] OfGuess(SourceTable table, (double Ability, double Error, string? Donor, string Evidence) guess, Dictionary<string, Measured> measured, double keep, double[] usual)
    {
        var row = new QualityEstimate[Intents.Count];
        for (var t = 0; t < row.Length; t++)
        {
            var deviation = guess.Donor is { } donor && measured[donor].ItemsByIntent[t] > 0
                ? keep * (measured[donor].ByIntent[t] - measured[donor].Overall)
                : 0;
            var mean = Success(table, t, guess.Ability + deviation);

            // Two uncertainties add: that of a measured model, and that of the guess, as a success rate.
            var variance = mean * (1 - mean);
            var error = table.Intents[t].Slope * guess.Error * variance;
            var mass = 1 / ((1 / (usual[t] + 1)) + (error * error / variance)) - 1;

            // The leave-one-out error of strangers is that of makers worth measuring; of the others nobody knows even that.
            row[t] = QualityEstimate.FromBeta(mean, guess.Evidence is Kinship.Stranger or Kinship.Unknown ? Math.Min(mass, QualityTable.Nothing.Mass) : mass, guess.Evidence, inherited: true);
        }

        return row;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double Success(SourceTable table, int intent, double ability)
    {
        var (level, slope) = table.Intents[intent];
        return 1 / (1 + Math.Exp(-(Math.Log(level / (1 - level)) + (slope * ability))));
    }

    /// <summary>How much of "better at this than overall" carries over to the next model of a line: least squares over neighbours.</summary>
    private static double ProfileKept(List<Kin> models, Dictionary<string, Measured> measured)
    {
        double xy = 0, xx = 0;
        foreach (var line in models.Where(m => m.Line.Length > 0 && measured.ContainsKey(m.Model)).GroupBy(m => m.Line))
        {
            var sorted = line.OrderBy(m => m.Years).ThenBy(m => m.Model, StringComparer.Ordinal).Select(m => measured[m.Model]).ToList();
            for (var i = 1; i < sorted.Count; i++)
            {
                for (var t = 0; t < Intents.Count; t++)
                {
                    if (sorted[i].ItemsByIntent[t] > 0 && sorted[i - 1].ItemsByIntent[t] > 0)
                    {
                        var before = sorted[i - 1].ByIntent[t] - sorted[i - 1].Overall;
                        xy += before * (sorted[i].ByIntent[t] - sorted[i].Overall);
                        xx += before * before;
                    }
                }
            }
        }

        return xx == 0 ? 0 : Math.Clamp(xy / xx, 0, 1);
    }

    private static byte[] Write(SortedDictionary<string, QualityEstimate[]> rows)
    {
        var texts = rows.Values.SelectMany(r => r.Select(e => e.Evidence)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var index = texts.Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i, StringComparer.Ordinal);
        var body = new StringBuilder();
        body.Append("\"evidence\": [\n").AppendJoin(",\n", texts.Select(t => $"\"{t}\"")).Append("\n],\n\"models\": {\n");
        body.AppendJoin(",\n", rows.Select(r =>
        {
            var own = r.Value.Select((e, t) => e.Inherited ? 0 : 1 << t).Sum();
            return $"\"{r.Key}\": {{\"mean\":[{Join(r.Value, e => e.Mean * 1000)}],\"low\":[{Join(r.Value, e => e.Low * 1000)}],"
                + $"\"mass\":[{Join(r.Value, e => e.Mass * 10)}],\"from\":[{string.Join(',', r.Value.Select(e => index[e.Evidence]))}]{(own == 0 ? "" : $",\"own\":{own}")}}}";
        })).Append("\n}\n}\n");
        var version = "public-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToString())).AsSpan(0, 6));
        return Encoding.UTF8.GetBytes($"{{\n\"version\": \"{version}\",\n{body}");

        static string Join(QualityEstimate[] row, Func<QualityEstimate, double> of) => string.Join(',', row.Select(e => (int)Math.Round(of(e))));
    }

    private static void Print(SortedDictionary<string, QualityEstimate[]> rows, TextWriter report)
    {
        string[] shown = ["claude-fable-5-2", "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna", "gpt-5.5", "gpt-4o-mini", "gemini-4-argon", "gemini-3.8-flash", "gemini-2.5-flash-lite", "grok-4.7", "deepseek-v4-pro-0813", "deepseek-v4.1-flash", "glm-5.3", "glm-5.3-flash", "kimi-k3.1-pro", "mistral-large-4", "gpt-oss-120b", "gpt-oss-20b", "llama-3.3-70b-instruct"];
        report.WriteLine($"{"",-24} coding           math             tool_use         translation      conversation");
        foreach (var model in shown.Where(rows.ContainsKey))
        {
            var cells = new[] { Intent.Coding, Intent.Math, Intent.ToolUse, Intent.Translation, Intent.Conversation }.Select(t => rows[model][(int)t]);
            report.WriteLine($"{model,-24} {string.Join("  ", cells.Select(c => $"{c.Mean:.000} {c.Low:.000} ({c.Mass,2:0})"))}  {rows[model][(int)Intent.Coding].Evidence}");
        }
    }
}
