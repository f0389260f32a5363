namespace Sommelier.Evals.Runs;

/// <summary>A run's results.</summary>
internal sealed class ResultLog : IDisposable
{
    private readonly LineLog lines;

    private ResultLog(LineLog lines) => this.lines = lines;

    /// <summary>Opens a log to add to; a torn last line of a killed process is cut off.</summary>
    /// <exception cref="IOException">The file cannot be written, or another process writes to it.</exception>
    public static ResultLog Open(string path) => new(LineLog.Open(path));

    /// <summary>Adds a result.</summary>
    public void Append(EvalResult result) => lines.Append(result, ResultJson.Write);

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();

    /// <summary>Every result of a log in the order of the file; none when there is no file. Lines that are torn are left out.</summary>
    public static IEnumerable<EvalResult> Read(string path)
    {
        foreach (var (_, line) in LineLog.Read(path))
        {
            if (ResultJson.Read(line) is { } result)
            {
                yield return result;
            }
        }
    }
}
