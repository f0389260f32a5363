using System.Data.Common;
using Sommelier.Canonical;

namespace Sommelier.Ledger.Storage;

/// <summary>Columns that may be NULL.</summary>
internal static class RowReading
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static TimeSpan? Span(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Microseconds.ToTimeSpan(row.GetInt64(column));

    /// <summary>A count of a column that older rows have not; 0 there.</summary>
    public static long Count(this DbDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetInt64(column);

    /// <summary>A finish reason from two columns: our word and the vendor's.</summary>
    public static FinishReason? FinishReason(this DbDataReader row, int column) => row.Text(column) is { } kind
        ? new FinishReason(EnumNames<FinishReasonKind>.Parse(kind) ?? FinishReasonKind.Other, row.Text(column + 1))
        : null;
}
