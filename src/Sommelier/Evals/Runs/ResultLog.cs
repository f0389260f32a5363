using System.Buffers;
using System.Text.Json;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>A run's results: lines are only ever added, each whole and handed to the system before the next call counts as done.</summary>
internal sealed class ResultLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly Utf8JsonWriter json;

    private ResultLog(FileStream file)
    {
        this.file = file;
        json = new Utf8JsonWriter(buffer, ReadableJson.Writer);
    }

    /// <summary>Opens a log to add to; a torn last line of a killed process is cut off.</summary>
    /// <exception cref="IOException">The file cannot be written, or another process writes to it.</exception>
    public static ResultLog Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.SetLength(WholeLines(file));
        file.Seek(0, SeekOrigin.End);
        return new(file);
    }

    /// <summary>Adds a line.</summary>
    public void Append(EvalResult result)
    {
        lock (gate)
        {
            buffer.ResetWrittenCount();
            json.Reset();
            ResultJson.Write(json, result);
            json.Flush();
            buffer.Write("\n"u8);
            file.Write(buffer.WrittenSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    /// <summary>Every result of a log in the order of the file; none when there is no file. Lines that are torn are left out.</summary>
    public static IEnumerable<EvalResult> Read(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var text = new StreamReader(file);
        while (text.ReadLine() is { } line)
        {
            if (ResultJson.Read(System.Text.Encoding.UTF8.GetBytes(line)) is { } result)
            {
                yield return result;
            }
        }
    }

    // The length up to and with the last line break.
    private static long WholeLines(FileStream file)
    {
        Span<byte> last = stackalloc byte[4096];
        for (var end = file.Length; end > 0;)
        {
            var from = Math.Max(0, end - last.Length);
            file.Seek(from, SeekOrigin.Begin);
            var part = last[..(int)(end - from)];
            file.ReadExactly(part);
            var at = part.LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                return from + at + 1;
            }

            end = from;
        }

        return 0;
    }
}
