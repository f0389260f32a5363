using System.Text;

namespace Sommelier.Evals.Suites;

/// <summary>CSV as RFC 4180 has it: commas, double quotes doubled inside quoted cells, line breaks allowed there.</summary>
internal static class Csv
{
    /// <summary>The rows with the line that each begins at, counted from 1. Empty lines are left out.</summary>
    public static IEnumerable<(int Line, IReadOnlyList<string> Cells)> Read(TextReader text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var (line, start) = (1, 1);
        var (quoted, wasQuoted) = (false, false);
        for (var next = text.Read(); ; next = text.Read())
        {
            if (quoted && next >= 0)
            {
                line += next == '\n' ? 1 : 0;
                if (next != '"')
                {
                    cell.Append((char)next);
                }
                else if (text.Peek() == '"')
                {
                    cell.Append((char)text.Read());
                }
                else
                {
                    quoted = false;
                }

                continue;
            }

            switch (next)
            {
                case '"' when cell.Length == 0:
                    (quoted, wasQuoted) = (true, true);
                    break;
                case ',':
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\r' when text.Peek() == '\n':
                    break;
                case '\n' or < 0:
                    if (cells.Count > 0 || cell.Length > 0 || wasQuoted)
                    {
                        cells.Add(cell.ToString());
                        yield return (start, cells);
                    }

                    if (next < 0)
                    {
                        yield break;
                    }

                    cells = [];
                    cell.Clear();
                    wasQuoted = false;
                    line++;
                    start = line;
                    break;
                default:
                    cell.Append((char)next);
                    break;
            }
        }
    }
}
