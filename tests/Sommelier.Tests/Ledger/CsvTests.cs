using CsCheck;
using Sommelier.Ledger.Export;

namespace Sommelier.Tests.Ledger;

/// <summary>Comma-separated values out and in again.</summary>
public sealed class CsvTests
{
    [Fact]
    public void Quotes_what_needs_it_and_disarms_formulas()
    {
        using var output = new StringWriter();
        var row = new CsvRow(output);
        row.Add("plain").Add("a,b").Add("say \"x\"").Add("two\nlines").Add("=HYPERLINK(\"http://x\")").Add((string?)null).Add<decimal>(-1.5m).Add((int?)null).Add(true).End();

        Assert.Equal("plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"'=HYPERLINK(\"\"http://x\"\")\",,-1.5,,true\r\n", output.ToString());
    }

    [Fact]
    public void What_was_written_is_read() =>
        Gen.String[Gen.Char["ab,\"\r\n é€"], 0, 12].Array[1, 6].Array[1, 5].Sample(rows =>
        {
            // A row of one empty field is an empty line, which no reader can tell from none.
            rows = [.. rows.Where(row => row.Length > 1 || row[0].Length > 0)];
            using var output = new StringWriter();
            var row = new CsvRow(output);
            foreach (var fields in rows)
            {
                foreach (var field in fields)
                {
                    row.Add(field);
                }

                row.End();
            }

            var reader = new CsvReader(new StringReader(output.ToString()));
            foreach (var fields in rows)
            {
                // A text that begins like a line break is disarmed too.
                Assert.Equal(fields.Select(field => field.StartsWith('\r') ? "'" + field : field), reader.Next());
            }

            Assert.Null(reader.Next());
        });

    [Theory]
    [InlineData("", "empty")]
    [InlineData("day,model\n2026-11-30,m\n", "cost_usd")]
    [InlineData("day,model,cost_usd\n2026-11-30,m\n", "Line 2 has 2 fields")]
    [InlineData("day,model,cost_usd\n30.11.2026,m,1\n", "2026-11-30")]
    [InlineData("day,model,cost_usd\n\n2026-11-30,m,1 USD\n", "Line 3: cost_usd")]
    [InlineData("day,model,cost_usd,input_tokens\n2026-11-30,m,1,many\n", "input_tokens 'many'")]
    [InlineData("day,model,cost_usd\n2026-11-30,\"m,1\n", "not closed")]
    [InlineData("day,model,cost_usd\n2026-11-30,m,79228162514264337593543950335\n", "Line 2: cost_usd")]
    [InlineData("day,model,cost_usd\n9999-12-31,m,1\n", "Line 2: day")]
    [InlineData("day,model,cost_usd\n0001-01-01,m,1\n", "Line 2: day")]
    [InlineData("day,model,cost_usd,input_tokens\n2026-11-30,m,1,9223372036854775807\n", "input_tokens")]
    [InlineData("day,model,cost_usd,input_tokens\n2026-11-30,m,1,-1\n", "input_tokens")]
    public void A_file_that_is_no_usage_is_refused_with_its_line(string text, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => ProviderUsage.Read(new StringReader(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Usage_is_read_whatever_stands_around_it()
    {
        var usage = ProviderUsage.Read(new StringReader("\uFEFFModel,Cost_USD,project,Day,output_tokens\r\n\"gpt-6, large\",1.25e1,p,2026-11-30T00:00:00Z,7\r\nx,0,,2026-12-01,\r\n"));

        Assert.Equal([new(new(2026, 11, 30), "gpt-6, large", null, 7, 12.5m), new(new(2026, 12, 1), "x", null, null, 0)], usage);
    }
}
