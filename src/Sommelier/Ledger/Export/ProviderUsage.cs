using System.Globalization;

namespace Sommelier.Ledger.Export;

/// <summary>What a provider says that a model used and cost on a day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Model">The model, as the provider or as the catalog calls it.</param>
/// <param name="InputTokens">Input tokens, cached ones included; null when the file does not say.</param>
/// <param name="OutputTokens">Output tokens; null when the file does not say.</param>
/// <param name="CostUsd">Money.</param>
internal sealed record ProviderUsage(DateOnly Day, string Model, long? InputTokens, long? OutputTokens, decimal CostUsd)
{
    // Far beyond any bill, and so far below the end of the numbers that sums of rows stay below it too.
    private const decimal MostUsd = 1_000_000_000_000;
    private const long MostTokens = 1_000_000_000_000_000;

    /// <summary>Reads a file of comma-separated values with a header: <c>day, model, cost_usd</c>, and <c>input_tokens, output_tokens</c> where there are.</summary>
    /// <remarks>Columns in any order; others are passed over. Days as 2026-11-30, also with a time behind.</remarks>
    /// <exception cref="FormatException">It is none; the message names the line and the column.</exception>
    public static IReadOnlyList<ProviderUsage> Read(TextReader input)
    {
        var rows = new CsvReader(input);
        var header = rows.Next()?.ConvertAll(static name => name.Trim().TrimStart('\uFEFF').ToLowerInvariant()) ?? throw new FormatException("The file is empty.");
        var (day, model, cost) = (Column("day"), Column("model"), Column("cost_usd"));
        var (read, written) = (header.IndexOf("input_tokens"), header.IndexOf("output_tokens"));
        List<ProviderUsage> all = [];
        while (rows.Next() is { } row)
        {
            if (row.Count != header.Count)
            {
                throw new FormatException($"Line {rows.Line} has {row.Count} fields, the header has {header.Count}.");
            }

            var text = row[day].Trim();
            if (!DateOnly.TryParseExact(text.Length > 10 ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on))
            {
                throw Wrong("day", text, "a day like 2026-11-30");
            }

            if (on.Year is < 2000 or > 2999)
            {
                throw Wrong("day", text, "a day of the years 2000 to 2999");
            }

            if (!decimal.TryParse(row[cost], NumberStyles.Float, CultureInfo.InvariantCulture, out var usd))
            {
                throw Wrong("cost_usd", row[cost], "a number like 12.34");
            }

            if (Math.Abs(usd) > MostUsd)
            {
                throw Wrong("cost_usd", row[cost], $"an amount of at most {MostUsd} USD");
            }

            all.Add(new(on, row[model].Trim(), Tokens(row, read, "input_tokens"), Tokens(row, written, "output_tokens"), usd));
        }

        return all;

        int Column(string name) => header.IndexOf(name) is var at and >= 0
            ? at
            : throw new FormatException($"The header has no column '{name}'. It needs day, model and cost_usd; input_tokens and output_tokens are compared where there are.");

        long? Tokens(List<string> row, int at, string name)
        {
            if (at < 0 || row[at].Trim().Length == 0)
            {
                return null;
            }

            return long.TryParse(row[at], NumberStyles.Integer, CultureInfo.InvariantCulture, out var tokens) && tokens is >= 0 and <= MostTokens
                ? tokens
                : throw Wrong(name, row[at], $"a whole number from 0 to {MostTokens}");
        }

        FormatException Wrong(string column, string text, string needed) => new($"Line {rows.Line}: {column} '{text}' is not {needed}.");
    }
}
