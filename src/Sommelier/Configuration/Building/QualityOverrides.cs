using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Configuration.Keys;

namespace Sommelier.Configuration.Building;

/// <summary>Gathers what the configuration says of models' quality and lays it over the table.</summary>
internal sealed class QualityOverrides(QualityTable table)
{
    // The user's own figure is worth a hundred answers: its lower bound lies about five points below it.
    private const double Mass = 100;

    private readonly SortedDictionary<string, Dictionary<Intent, double>> rows = new(StringComparer.Ordinal);

    /// <summary>Notes what is said of a deployment, by intent, group or <c>default</c>; the narrowest word wins.</summary>
    public void Add(string deploymentId, IReadOnlyDictionary<string, double> quality)
    {
        if (quality.Count == 0)
        {
            return;
        }

        var row = new Dictionary<Intent, double>();
        foreach (var (word, rate) in quality.OrderBy(entry => Words.Narrowness(entry.Key)))
        {
            foreach (var intent in Words.Meant(word))
            {
                row[intent] = rate;
            }
        }

        rows[deploymentId] = row;
    }

    /// <summary>The table with everything that was noted; the same one when that is nothing.</summary>
    /// <param name="deployments">Finds a deployment's row in the old table, from which unnamed intents are kept.</param>
    public QualityTable Table(IReadOnlyList<Deployment> deployments)
    {
        if (rows.Count == 0)
        {
            return table;
        }

        var text = new StringBuilder(table.Version);
        var all = table.Models.ToDictionary(model => model, RowOf, StringComparer.Ordinal);
        foreach (var (id, row) in rows)
        {
            var estimates = table.Row(deployments.First(d => string.Equals(d.Id, id, StringComparison.Ordinal))).ToArray();
            foreach (var (intent, rate) in row.OrderBy(entry => entry.Key))
            {
                estimates[(int)intent] = QualityEstimate.FromBeta(rate, Mass, "configuration", inherited: false);
                text.Append(CultureInfo.InvariantCulture, $"\n{id}\t{intent}\t{rate:R}");
            }

            all[id] = estimates;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 4));
        return new QualityTable($"{table.Version}+{hash}", all);
    }

    private QualityEstimate[] RowOf(string model)
    {
        var row = new QualityEstimate[Intents.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = table.Get(model, (Intent)i);
        }

        return row;
    }
}
