using System.Globalization;

namespace Sommelier.CatalogBuilder.Quality;

/// <summary>One score on a leaderboard: a row's share of items solved in one column.</summary>
public sealed record Score(Board Board, Column Column, string Model, int Effort, double Share)
{
    /// <summary>Reads every mapped score of every board; a mapped row or column that the file lacks is an error.</summary>
    public static List<Score> ReadAll(SourceTable table, string folder)
    {
        List<Score> all = [];
        foreach (var board in table.Boards)
        {
            var path = Path.Combine(folder, board.File);
            var cells = board.Id switch
            {
                "livebench" => Wide(path),
                "tau2-bench" => Tau2(path),
                "aider-polyglot" => Aider(path),
                _ => throw new InvalidDataException($"No reader for leaderboard '{board.Id}'."),
            };
            var rows = cells.Select(c => c.Row).ToHashSet(StringComparer.Ordinal);
            if (board.Rows.Keys.FirstOrDefault(r => !rows.Contains(r)) is { } missing)
            {
                throw new InvalidDataException($"{board.File} has no row '{missing}'.");
            }

            foreach (var (row, column, percent) in cells)
            {
                if (board.Rows.TryGetValue(row, out var mapped) && board.Columns.FirstOrDefault(c => c.Name == column) is { } known)
                {
                    all.Add(new(board, known, mapped.Model, mapped.Effort, percent / 100));
                }
            }
        }

        return all;
    }

    private static List<(string Row, string Column, double Percent)> Wide(string path)
    {
        var lines = File.ReadAllLines(path);
        var columns = lines[0].Split(',');
        List<(string, string, double)> cells = [];
        foreach (var parts in lines.Skip(1).Select(l => l.Split(',')))
        {
            for (var i = 1; i < parts.Length; i++)
            {
                if (parts[i].Length > 0)
                {
                    cells.Add((parts[0], columns[i], Number(parts[i])));
                }
            }
        }

        return cells;
    }

    // model,org,submitter,date,modality,effort,domain,pass_1,... The runs by voice are another task.
    private static List<(string Row, string Column, double Percent)> Tau2(string path) => File.ReadAllLines(path)
        .Skip(1)
        .Select(l => l.Split(','))
        .Where(p => p[4] != "voice" && p[7].Length > 0)
        .Select(p => (p[5].Length > 0 ? $"{p[0]}|{p[5]}" : p[0], p[6], Number(p[7])))
        .ToList();

    private static List<(string Row, string Column, double Percent)> Aider(string path)
    {
        List<(string, string, double)> cells = [];
        var model = "";
        foreach (var line in File.ReadLines(path).Select(l => l.Trim()))
        {
            if (line.StartsWith("model: ", StringComparison.Ordinal))
            {
                model = line["model: ".Length..];
            }
            else if (line.StartsWith("pass_rate_2: ", StringComparison.Ordinal))
            {
                cells.Add((model, "pass_rate_2", Number(line["pass_rate_2: ".Length..])));
            }
        }

        return cells;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
