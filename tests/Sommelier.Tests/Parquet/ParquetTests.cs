using System.Text;
using Sommelier.Parquet;

namespace Sommelier.Tests.Parquet;

/// <summary>What is written is read back, and what is no Parquet is refused. DuckDB's files: ParquetClientTests.</summary>
public sealed class ParquetTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        using var file = new MemoryStream();
        var writer = new ParquetWriter(
            file,
            [new("text", ColumnKind.Text), new("n", ColumnKind.Integer), new("f", ColumnKind.Fraction), new("b", ColumnKind.Boolean), new("at", ColumnKind.Moment), new("usd", ColumnKind.NanoUsd)]);
        writer.Write(["é \"q\"", -5L, 0.5, true, new DateTimeOffset(2026, 11, 27, 8, 30, 0, 125, TimeSpan.FromHours(9)), 1_500_000_001L]);
        writer.Write([null, null, null, null, null, null]);
        writer.Write(["", long.MaxValue, double.NaN, false, DateTimeOffset.UnixEpoch, -1L]);
        writer.End();

        Assert.Equal(
            [
                """{"text":"\u00E9 \u0022q\u0022","n":-5,"f":0.5,"b":true,"at":"2026-11-26T23:30:00.125Z","usd":1.500000001}""",
                """{"text":null,"n":null,"f":null,"b":null,"at":null,"usd":null}""",
                """{"text":"","n":9223372036854775807,"f":null,"b":false,"at":"1970-01-01T00:00:00Z","usd":-0.000000001}""",
            ],
            ParquetFile.ReadRows(file).Select(row => Encoding.UTF8.GetString(row.Span)));
    }

    [Fact]
    public void A_file_without_rows_has_none()
    {
        using var file = new MemoryStream();
        new ParquetWriter(file, [new("n", ColumnKind.Integer)]).End();
        Assert.Empty(ParquetFile.ReadRows(file));
    }

    [Theory]
    [InlineData("", "too short")]
    [InlineData("id,input\nx,fine\n", "does not end with PAR1")]
    [InlineData("PAR1abcdefghPARE", "encrypted")]
    [InlineData("PAR1aaaa\u007f\u007f\u007f\u007fPAR1", "lies outside")]
    public void What_is_none_is_refused(string text, string why)
    {
        var refused = Assert.Throws<ParquetException>(() => ParquetFile.ReadRows(new MemoryStream(Encoding.Latin1.GetBytes(text))).ToList());
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_takes_what_its_kind_says()
    {
        var writer = new ParquetWriter(new MemoryStream(), [new("n", ColumnKind.Integer)]);
        Assert.Throws<ArgumentException>(() => writer.Write(["text"]));
    }
}
