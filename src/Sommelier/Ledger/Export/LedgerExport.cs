using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Parquet;

namespace Sommelier.Ledger.Export;

/// <summary>How entries are exported.</summary>
internal enum ExportFormat
{
    /// <summary>A row per request under a header, as RFC 4180 has it.</summary>
    Csv,

    /// <summary>A JSON object per request and line, attempts included.</summary>
    Jsonl,

    /// <summary>Columns of a Parquet file, a row per request.</summary>
    Parquet,
}

/// <summary>Writes entries out, oldest first, a page at a time: memory does not grow with the ledger.</summary>
internal static class LedgerExport
{
    private const int PageSize = 500;
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every entry of a span of time, oldest first.</summary>
    public static IAsyncEnumerable<LedgerEntry> ReadAsync(ILedgerQueries ledger, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        ReadAsync(ledger, new() { From = from, To = to, Limit = PageSize }, cancellationToken);

    /// <summary>Every entry that a filter lets through, oldest first.</summary>
    public static async IAsyncEnumerable<LedgerEntry> ReadAsync(
        ILedgerQueries ledger, LedgerFilter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        filter = filter with { OldestFirst = true, Limit = PageSize };
        while (true)
        {
            var page = await ledger.GetPageAsync(filter, cancellationToken);
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            filter = filter with { Behind = page[^1].RequestId };
        }
    }

    /// <summary>Writes entries as CSV or lines of JSON.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> WriteAsync(IAsyncEnumerable<LedgerEntry> entries, ExportFormat format, TextWriter output)
    {
        var row = new CsvRow(output);
        if (format == ExportFormat.Csv)
        {
            foreach (var column in ExportColumns.All)
            {
                row.Add(column.Name);
            }

            row.End();
        }

        long count = 0;
        using var buffer = new MemoryStream();
        await foreach (var entry in entries)
        {
            count++;
            if (format == ExportFormat.Csv)
            {
                Write(row, entry);
                continue;
            }

            buffer.SetLength(0);
            await using (var json = new Utf8JsonWriter(buffer, Written))
            {
                EntryJson.Write(json, entry);
            }

            await output.WriteAsync(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n");
        }

        return count;
    }

    /// <summary>Writes entries as Parquet, a row per request.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> WriteParquetAsync(IAsyncEnumerable<LedgerEntry> entries, Stream output)
    {
        var columns = ExportColumns.All;
        var file = new ParquetWriter(output, [.. columns.Select(static column => new ParquetColumn(column.Name, column.Kind))]);
        var row = new object?[columns.Count];
        long count = 0;
        await foreach (var entry in entries)
        {
            var sums = LedgerSums.Of(entry.Attempts);
            for (var at = 0; at < row.Length; at++)
            {
                row[at] = columns[at].Value(entry, sums);
            }

            file.Write(row);
            count++;
        }

        file.End();
        return count;
    }

    private static void Write(CsvRow row, LedgerEntry entry)
    {
        var sums = LedgerSums.Of(entry.Attempts);
        foreach (var column in ExportColumns.All)
        {
            ExportColumns.Add(row, column.Kind, column.Value(entry, sums));
        }

        row.End();
    }
}
