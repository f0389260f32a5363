using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sommelier.Catalog;

/// <summary>The content hash of a snapshot: every fact that a decision may depend on, in one order and one spelling.</summary>
internal static class CatalogHash
{
    public static string Of(
        IReadOnlyList<Deployment> deployments, IReadOnlyDictionary<string, string> aliases, QualityTable quality, IEnumerable<KeyValuePair<string, Tombstone>> tombstones)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var line = new StringBuilder();
        foreach (var deployment in deployments)
        {
            line.Clear();
            Write(line, deployment);
            hash.AppendData(Encoding.UTF8.GetBytes(line.ToString()));
        }

        foreach (var (alias, target) in aliases.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{alias}\t{target}\n"));
        }

        // A policy may let a retired model's successor answer, so tombstones decide too.
        foreach (var (name, tombstone) in tombstones.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            line.Clear();
            line.Append(name).Append('\t');
            Write(line, tombstone.Lifecycle);
            hash.AppendData(Encoding.UTF8.GetBytes(line.Append('\n').ToString()));
        }

        hash.AppendData(Encoding.UTF8.GetBytes(quality.Version));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static void Write(StringBuilder to, Deployment d)
    {
        to.Append(CultureInfo.InvariantCulture, $"{d.Id}\t{d.Provider}\t{d.Model}\t{d.CanonicalModel}\t{d.Name}\t{d.Family}\t{d.Maker}\t{d.Kind}\t{d.NamedOnly}\t{d.WireFormat}\t");
        to.Append(CultureInfo.InvariantCulture, $"{d.ContextWindow}\t{d.MaxInputTokens}\t{d.MaxOutputTokens}\t{(int)d.Capabilities}\t");
        to.Append(CultureInfo.InvariantCulture, $"{d.Region}\t{d.MaxDataClass}\t{d.Simulated}\t{d.TypicalTimeToFirstChunkMs:R}\t{d.TypicalTokensPerSecond:R}\t{d.ReleaseDate:O}\t");
        Write(to, d.Lifecycle);
        to.AppendJoin(',', d.Reasoning.Efforts);
        to.Append(CultureInfo.InvariantCulture, $"\t{d.Reasoning.Toggle}\t{d.Reasoning.Budget}\t{d.Reasoning.BudgetMin}\t{d.Reasoning.BudgetMax}\t");
        if (d.Price is { } price)
        {
            Write(to, price);
        }

        to.Append('\n');
    }

    private static void Write(StringBuilder to, Lifecycle l)
    {
        to.Append(CultureInfo.InvariantCulture, $"{l.Status}\t{l.DeprecatedOn:O}\t{l.RetiresOn:O}\t{l.EarliestRetiresOn:O}\t");
        to.AppendJoin(',', l.Successors).Append('\t');
    }

    private static void Write(StringBuilder to, Price p)
    {
        to.Append(CultureInfo.InvariantCulture, $"{p.InputUsdPerMillion / 1.000000000m}\t{p.OutputUsdPerMillion / 1.000000000m}\t{p.CacheRead / 1.000000000m}\t{p.CacheWrite5m / 1.000000000m}\t{p.CacheWrite1h / 1.000000000m}\t{p.Reasoning / 1.000000000m}\t{p.ValidFrom:O}\t");
        foreach (var t in p.Tiers)
        {
            to.Append(CultureInfo.InvariantCulture, $"{t.AboveInputTokens}:{t.InputUsdPerMillion / 1.000000000m}:{t.OutputUsdPerMillion / 1.000000000m}:{t.CacheRead / 1.000000000m}:{t.CacheWrite5m / 1.000000000m}:{t.CacheWrite1h / 1.000000000m}:{t.Reasoning / 1.000000000m}\t");
        }

        foreach (var t in p.TimesOfDay)
        {
            to.Append(CultureInfo.InvariantCulture, $"{t.FromUtc:O}-{t.ToUtc:O}x{t.Factor / 1.000000000m}@{t.ValidFrom:O}\t");
        }
    }
}
