using System.Buffers;
using System.Text.Json;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>A file to which lines of JSON are only ever added, each whole and handed to the system before its work counts as done.</summary>
internal sealed class LineLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly Utf8JsonWriter json;

    private LineLog(FileStream file)
    {
        this.file = file;
        json = new Utf8JsonWriter(buffer, ReadableJson.Writer);
    }

    /// <summary>Opens a log to add to; a torn last line of a killed process is cut off.</summary>
    /// <exception cref="IOException">The file cannot be written, or another process writes to it.</exception>
    public static LineLog Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.SetLength(WholeLines(file));
        file.Seek(0, SeekOrigin.End);
        return new(file);
    }

    /// <summary>Adds a line.</summary>
    /// <param name="value">What it holds.</param>
    /// <param name="write">Writes it as one object, without a line break.</param>
    public void Append<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        lock (gate)
        {
            buffer.ResetWrittenCount();
            json.Reset();
            write(json, value);
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

    /// <summary>Every line of a log in the order of the file, a torn last one too; none when there is no file. A line is valid until the next one.</summary>
    public static IEnumerable<(long Offset, ReadOnlyMemory<byte> Line)> Read(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var buffer = new byte[1 << 16];
        var (filled, offset) = (0, 0L);
        for (int read; (read = file.Read(buffer.AsSpan(filled))) > 0;)
        {
            filled += read;
            var from = 0;
            for (int end; (end = buffer.AsSpan(from, filled - from).IndexOf((byte)'\n')) >= 0; from += end + 1)
            {
                yield return (offset + from, buffer.AsMemory(from, end));
            }

            buffer.AsSpan(from, filled - from).CopyTo(buffer);
            (filled, offset) = (filled - from, offset + from);
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        if (filled > 0)
        {
            yield return (offset, buffer.AsMemory(0, filled));
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
