using System.Text;
using Npgsql;
using Sommelier.Ledger.Storage;

namespace Sommelier.Ledger.Postgres;

/// <summary>Binds the parameters of a command of a batch, by position.</summary>
internal sealed class PostgresRow(NpgsqlBatchCommand command) : IRow
{
    /// <inheritdoc/>
    public IRow Add(long value) => Bind(new NpgsqlParameter<long> { TypedValue = value });

    /// <inheritdoc/>
    public IRow Add(long? value) => value is { } number ? Add(number) : AddNull();

    /// <inheritdoc/>
    public IRow Add(bool value) => Add(value ? 1L : 0L);

    /// <inheritdoc/>
    public IRow Add(double? value) => value is { } number ? Bind(new NpgsqlParameter<double> { TypedValue = number }) : AddNull();

    /// <inheritdoc/>
    public IRow Add(string? value) => value is null ? AddNull() : Bind(new NpgsqlParameter<string> { TypedValue = Storable(value) });

    /// <inheritdoc/>
    public IRow AddText(ReadOnlySpan<byte> value) => Add(Encoding.UTF8.GetString(value));

    /// <inheritdoc/>
    public IRow AddBytes(ReadOnlySpan<byte> value) => Bind(new NpgsqlParameter<byte[]> { TypedValue = value.ToArray() });

    /// <inheritdoc/>
    public IRow AddNull() => Bind(new NpgsqlParameter { Value = DBNull.Value });

    // PostgreSQL's text takes everything but NUL.
    private static string Storable(string value) => value.Contains('\0', StringComparison.Ordinal) ? value.Replace('\0', '\uFFFD') : value;

    private PostgresRow Bind(NpgsqlParameter parameter)
    {
        command.Parameters.Add(parameter);
        return this;
    }
}
