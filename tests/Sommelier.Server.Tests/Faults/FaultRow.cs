namespace Sommelier.Server.Tests.Faults;

/// <summary>One promise of the tables in docs/faults.md: a fault in one combination of dialects and kinds of answer.</summary>
/// <param name="Fault">The case, as <see cref="FaultScripts"/> knows it.</param>
/// <param name="Caller">The caller's dialect, <c>openai</c> or <c>anthropic</c>.</param>
/// <param name="Provider">The dialect of the providers.</param>
/// <param name="Streamed">Whether the caller wants a stream.</param>
/// <param name="Alone">Whether there is no second provider.</param>
/// <param name="Answered">Who answered.</param>
/// <param name="Saw">What the caller saw.</param>
/// <param name="Ledger">What the ledger says.</param>
public sealed record FaultRow(string Fault, string Caller, string Provider, bool Streamed, bool Alone, string Answered, string Saw, string Ledger)
{
    private const string Begin = "<!-- faults over HTTP:";
    private const string End = "<!-- end of faults -->";

    /// <summary>All of them. A cell with several values stands for as many rows.</summary>
    public static IReadOnlyList<FaultRow> ReadAll()
    {
        var rows = new List<FaultRow>();
        bool? alone = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", "faults.md")))
        {
            if (line.StartsWith(Begin, StringComparison.Ordinal))
            {
                alone = line.Contains("alone", StringComparison.Ordinal);
            }
            else if (line.StartsWith(End, StringComparison.Ordinal))
            {
                alone = null;
            }
            else if (alone is { } single && line.StartsWith("| `", StringComparison.Ordinal))
            {
                rows.AddRange(Expand(line, single));
            }
        }

        return rows;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Fault}, {Caller} to {Provider}, {(Streamed ? "streamed" : "whole")}{(Alone ? ", alone" : "")}";

    private static IEnumerable<FaultRow> Expand(string line, bool alone)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries)[1..^1];
        Assert.True(cells.Length == 6, $"A row of docs/faults.md has {cells.Length} cells: {line}");
        foreach (var fault in cells[0].Split(' '))
        {
            foreach (var dialects in cells[1].Split(", "))
            {
                var sides = dialects.Split(" to ");
                foreach (var kind in cells[2].Split(", "))
                {
                    yield return new(fault.Trim('`'), sides[0], sides[^1], kind == "streamed", alone, cells[3], cells[4], cells[5]);
                }
            }
        }
    }
}
