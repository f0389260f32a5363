using System.Globalization;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Ledger.Export;
using Sommelier.Parquet;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Clients;

/// <summary>Files that DuckDB writes are read here as what is in them, and it reads those that are written here.</summary>
public sealed class ParquetClientTests : IDisposable
{
    private const int Rows = 5_000;

    private const string Table =
        "SELECT i, (i % 5)::INTEGER AS small, CASE WHEN i % 3 <> 0 THEN 'té ' || (i % 7) END AS s, repeat('x', (i % 50)::INTEGER) || i AS long_s, i * 0.25::DOUBLE AS d, (i * 0.5)::FLOAT AS f, "
        + "(i * 1.0001)::DECIMAL(18,4) AS dec, (0 - i)::DECIMAL(38,2) AS big, CASE WHEN i % 5 <> 0 THEN i % 2 = 0 END AS b, TIMESTAMP '2026-01-01' + to_seconds(i) AS t, DATE '2026-01-01' + (i % 100)::INTEGER AS day, "
        + "CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN [] ELSE [i, NULL, i + 1] END AS list, [{'role': 'user', 'content': 'q' || i}, {'role': 'assistant', 'content': NULL}] AS messages, "
        + "MAP {'a': i, 'b': i + 1} AS m, CASE WHEN i % 2 = 0 THEN {'x': i, 'y': {'z': [['p'], [], ['q', 'r']]}} END AS st, '11111111-2222-3333-4444-555555555555'::UUID AS u, '\\x00\\xFF'::BLOB AS bytes, "
        + "(4000000000 + i)::UINTEGER AS uns, 18446744073709551615::UBIGINT AS most FROM range(5000) r(i)";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("uncompressed", "V1")]
    [InlineData("snappy", "V1")]
    [InlineData("gzip", "V1")]
    [InlineData("brotli", "V1")]
    [InlineData("lz4_raw", "V1")]
    [InlineData("uncompressed", "V2")]
    [InlineData("snappy", "V2")]
    public async Task What_duckdb_writes_is_read(string codec, string version)
    {
        var path = Path.Combine(folder.Path, "t.parquet");
        await SqlAsync($"COPY ({Table}) TO '{path}' (FORMAT parquet, COMPRESSION {codec}, PARQUET_VERSION {version}, ROW_GROUP_SIZE 2048)");

        await using var file = File.OpenRead(path);
        var read = 0;
        foreach (var row in ParquetFile.ReadRows(file))
        {
            var expected = Expected(read++);
            var actual = JsonNode.Parse(row.Span);
            Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected.ToJsonString()}\n{actual!.ToJsonString()}");
        }

        Assert.Equal(Rows, read);
    }

    [Fact]
    public async Task What_is_packed_with_zstd_is_refused_with_the_remedy()
    {
        var path = Path.Combine(folder.Path, "t.parquet");
        await SqlAsync($"COPY (SELECT 1 AS i) TO '{path}' (FORMAT parquet, COMPRESSION zstd)");
        await using var file = File.OpenRead(path);
        var refused = Assert.Throws<ParquetException>(() => ParquetFile.ReadRows(file).ToList());
        Assert.Contains("zstd, which is not read. Write it with snappy or gzip.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DuckDB_reads_what_is_exported()
    {
        // More than one group of rows.
        const int count = 45_000;
        var path = Path.Combine(folder.Path, "ledger.parquet");
        await using (var output = File.Create(path))
        {
            Assert.Equal(count, await LedgerExport.WriteParquetAsync(Enumerable.Range(0, count).Select(Entry).ToAsyncEnumerable(), output));
        }

        var answers = await SqlAsync(
            $"SELECT count(*)::INTEGER, sum(cost_usd)::VARCHAR, sum(input_tokens)::VARCHAR, min(started_at)::VARCHAR, max(started_at)::VARCHAR, count(team)::INTEGER, sum(streamed::INTEGER)::VARCHAR, sum(duration_ms) FROM '{path}'",
            $"SELECT typeof(started_at), typeof(cost_usd), typeof(duration_ms), typeof(streamed), typeof(status), typeof(tags) FROM '{path}' LIMIT 1",
            $"SELECT request_id, team, tags, api_key_number, model_answered, error FROM '{path}' WHERE request_id IN ('r00000', 'r44999') ORDER BY 1",
            $"SELECT count(DISTINCT row_group_id)::INTEGER FROM parquet_metadata('{path}')");

        Assert.Equal(
            $"""[[{count},"{0.000000001m * count * (count - 1) / 2:0.000000000}","{10L * count}","2026-11-20 12:00:00+00","2026-11-21 00:29:59+00",{count / 2},"{count / 3}",{count * 1.5:0}]]""",
            answers[0].Replace("+00:00", "+00", StringComparison.Ordinal));
        Assert.Equal("""[["TIMESTAMP WITH TIME ZONE","DECIMAL(18,9)","DOUBLE","BOOLEAN","BIGINT","VARCHAR"]]""", answers[1]);
        Assert.Equal("""[["r00000",null,"a 日本","2","lab/one",null],["r44999","team_1","a 日本","2","lab/one",null]]""", answers[2]);
        Assert.Equal("[[3]]", answers[3]);

        await using var again = File.OpenRead(path);
        Assert.Equal(count, ParquetFile.ReadRows(again).Count());
    }

    private static LedgerEntry Entry(int number) => new()
    {
        RequestId = $"r{number.ToString("D5", CultureInfo.InvariantCulture)}",
        StartedAt = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero).AddSeconds(number),
        Duration = TimeSpan.FromMilliseconds(1.5),
        InboundFormat = "openai-chat",
        Endpoint = "/v1/chat/completions",
        TeamId = number % 2 == 1 ? "team_1" : null,
        OriginalModel = "auto",
        DeploymentId = "lab/one",
        Streamed = number % 3 == 1,
        Outcome = LedgerOutcome.Succeeded,
        Status = 200,
        Tags = ["a", "日本"],
        Attempts =
        [
            new()
            {
                Number = 1, DeploymentId = "lab/one", RequestModel = "one", StartedAt = DateTimeOffset.UnixEpoch, Outcome = AttemptOutcome.Succeeded, OutputCommitted = true,
                ApiKeyNumber = 2, CostNanoUsd = number, Usage = new() { InputTokens = 10 },
            },
        ],
    };

    private static JsonObject Expected(long i) => new()
    {
        ["i"] = i,
        ["small"] = i % 5,
        ["s"] = i % 3 != 0 ? $"té {i % 7}" : null,
        ["long_s"] = new string('x', (int)(i % 50)) + i,
        ["d"] = i * 0.25,
        ["f"] = i * 0.5,
        ["dec"] = i * 1.0001m,
        ["big"] = (decimal)-i,
        ["b"] = i % 5 != 0 ? i % 2 == 0 : null,
        ["t"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["day"] = new DateOnly(2026, 1, 1).AddDays((int)(i % 100)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["list"] = (i % 4) switch { 0 => null, 1 => new JsonArray(), _ => new JsonArray(i, null, i + 1) },
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"q{i}" }, new JsonObject { ["role"] = "assistant", ["content"] = null }),
        ["m"] = new JsonObject { ["a"] = i, ["b"] = i + 1 },
        ["st"] = i % 2 == 0 ? new JsonObject { ["x"] = i, ["y"] = new JsonObject { ["z"] = new JsonArray(new JsonArray("p"), new JsonArray(), new JsonArray("q", "r")) } } : null,
        ["u"] = "11111111-2222-3333-4444-555555555555",
        ["bytes"] = "AP8=",
        ["uns"] = 4_000_000_000 + i,
        ["most"] = ulong.MaxValue,
    };

    private static async Task<string[]> SqlAsync(params string[] statements)
    {
        Node.Need("@duckdb");
        using var process = Node.Start("parquet.mjs");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        foreach (var statement in statements)
        {
            await process.StandardInput.WriteLineAsync(statement);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
