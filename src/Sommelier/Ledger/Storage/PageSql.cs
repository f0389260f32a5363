using System.Data.Common;
using System.Globalization;
using System.Text;
using Sommelier.Storage;

namespace Sommelier.Ledger.Storage;

/// <summary>The statements of a page. Ids begin with the time, so a range of times is one of the primary key.</summary>
internal static class PageSql
{
    /// <summary>The entries that a filter lets through, in its order.</summary>
    public static DbCommand Entries(DbConnection connection, LedgerFilter filter)
    {
        var sql = new StringBuilder(LedgerSql.GetEntries);
        List<(string, object?)> values = [];
        Add("request_id >= @from", "@from", filter.From is { } from ? RequestId.Floor(from) : null);
        Add("request_id < @to", "@to", filter.To is { } to ? RequestId.Floor(to) : null);
        Add("caller_key_id = @key", "@key", filter.CallerKeyId);
        Add("team_id = @team", "@team", filter.TeamId);
        Add("organisation_id = @organisation", "@organisation", filter.OrganisationId);
        Add(filter.OldestFirst ? "request_id > @behind" : "request_id < @behind", "@behind", filter.Behind);
        sql.Append(filter.OldestFirst ? " ORDER BY request_id" : " ORDER BY request_id DESC").Append(" LIMIT @count");
        values.Add(("@count", (long)filter.Limit));
        return connection.Command(sql.ToString(), [.. values]);

        void Add(string condition, string name, string? value)
        {
            if (value is not null)
            {
                sql.Append(values.Count == 0 ? " WHERE " : " AND ").Append(condition);
                values.Add((name, value));
            }
        }
    }

    /// <summary>The attempts of those entries and of no other that has come since.</summary>
    public static DbCommand Attempts(DbConnection connection, List<LedgerEntry> entries)
    {
        var sql = new StringBuilder(LedgerSql.GetAttemptsOf).Append(" WHERE request_id IN (");
        var values = new (string, object?)[entries.Count];
        for (var at = 0; at < values.Length; at++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"@id{at}");
            sql.Append(at == 0 ? "" : ",").Append(name);
            values[at] = (name, entries[at].RequestId);
        }

        return connection.Command(sql.Append(") ORDER BY request_id, number").ToString(), values);
    }
}
