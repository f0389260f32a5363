using System.Text;
using System.Text.Json;

namespace Sommelier.Evals.Runs;

/// <summary>What judges have said: a run's own log, and what it and earlier runs hold already, so that nothing is paid twice.</summary>
/// <remarks>
/// A judge's version is the model that says it answered. As soon as one run has met another version, what the version before it
/// said is not given again: it is another judge.
/// </remarks>
internal sealed class JudgementLog : IDisposable
{
    private readonly LineLog lines;
    private readonly LineIndex kept;
    private readonly Dictionary<string, (DateTimeOffset At, string Version)> versions = new(StringComparer.Ordinal);

    private JudgementLog(LineLog lines)
    {
        this.lines = lines;
        kept = new(Note);
    }

    /// <summary>Opens a run's log to add to.</summary>
    /// <param name="path">It.</param>
    /// <param name="folders">In or below which logs lie whose judgements are given again; none: everything is asked.</param>
    public static JudgementLog Open(string path, params IEnumerable<string> folders)
    {
        var log = new JudgementLog(LineLog.Open(path));
        log.kept.Add(folders, RunFolder.JudgementsName);
        return log;
    }

    /// <summary>What was said before; null when nothing was, or by another version of the judge.</summary>
    public Judgement? Find(string key) =>
        kept.Find(key) is { } line && Judgement.Read(line) is { } said && string.Equals(said.Key, key, StringComparison.Ordinal)
        && string.Equals(said.Version, versions[said.Judge].Version, StringComparison.Ordinal) ? said : null;

    /// <summary>Puts what was said, or paid for nothing, on record.</summary>
    public void Append(Judgement said) => lines.Append(said, Judgement.Write);

    /// <summary>What the judgements of a log have cost, USD.</summary>
    public static decimal SpentUsd(string path)
    {
        var sum = 0m;
        foreach (var (_, line) in LineLog.Read(path))
        {
            sum += Judgement.Read(line)?.SpentUsd ?? 0;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();

    // The key of a line that says something. It ends before what is said.
    private string? Note(ReadOnlySpan<byte> line)
    {
        var (key, judge, version, at) = ("", "", "", default(DateTimeOffset));
        try
        {
            var json = new Utf8JsonReader(line);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("text"u8) || json.ValueTextEquals("vectors"u8))
                {
                    if (!versions.TryGetValue(judge, out var newest) || at >= newest.At)
                    {
                        versions[judge] = (at, version);
                    }

                    return key;
                }

                var name = Encoding.UTF8.GetString(json.ValueSpan);
                json.Read();
                switch (name)
                {
                    case "key":
                        key = json.GetString()!;
                        break;
                    case "judge":
                        judge = json.GetString()!;
                        break;
                    case "version":
                        version = json.GetString()!;
                        break;
                    case "at":
                        at = json.GetDateTimeOffset();
                        break;
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            // A torn line.
        }

        return null;
    }
}
