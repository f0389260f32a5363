using System.Text;

namespace Sommelier.Server.Tests.Faults;

/// <summary>Plays one row: a gateway with one or two providers, one request, and what came of it in the words of the document.</summary>
internal static class FaultRun
{
    /// <summary>Who answered, what the caller saw and what the ledger says.</summary>
    public static async Task<(string Answered, string Saw, string Ledger)> PlayAsync(FaultRow row)
    {
        var answer = Answer(row.Provider);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = row.Fault == FaultScripts.Refused ? null : new FaultServer(FaultScripts.All[row.Fault](answer, row.Streamed, seen.Task));
        await using var second = row.Alone ? null : new FaultServer(FaultScripts.Second(row.Fault, answer, row.Streamed));
        await using var gateway = await RunningGateway.StartAsync(Configuration(row, first?.Address ?? FaultServer.Refused(), second?.Address));

        using var reply = await Ask.ChatAsync(gateway, row.Caller, row.Streamed, more: FaultScripts.IsAboutForm(row.Fault) ? Form(row.Caller) : "", headers: Headers(row.Fault));
        var (text, cut) = await ReadAsync(reply, seen);
        var entry = Assert.Single(await gateway.EntriesAsync(1));

        Assert.Equal((int)reply.StatusCode, entry.Status);
        Assert.Equal(row.Streamed, entry.Streamed);
        Assert.True(FaultScripts.IsAfterHead(row.Fault) || Ask.Header(reply, "x-sommelier-attempts") == entry.Attempts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(row.Fault == "cut-continued", entry.Warnings.Any(warning => warning.Code == "continued_after_break"));
        Assert.Equal(row.Fault == "cut-restarted", entry.Warnings.Any(warning => warning.Code == "restarted_after_break"));
        Assert.True(row.Alone || second!.Requests.Count == entry.Attempts.Count(attempt => attempt.DeploymentId.StartsWith("second/", StringComparison.Ordinal)));
        var answered = Ask.Header(reply, "x-sommelier-model")?.Split('/')[0] ?? "nobody";
        return (answered, FaultWords.Saw(row, reply, text, cut), FaultWords.Ledger(entry));
    }

    private static (string Name, string Value)[] Headers(string fault) => fault switch
    {
        "late-for-caller" => [("x-sommelier-max-latency-ms", "1000")],
        "cut-restarted" => [("x-sommelier-on-break", "restart")],
        _ => [],
    };

    private static string Form(string dialect)
    {
        const string Schema = """{"type":"object","properties":{"price":{"type":"number"}},"required":["price"]}""";
        return dialect == "openai"
            ? $$$""" "response_format":{"type":"json_schema","json_schema":{"name":"offer","schema":{{{Schema}}}}},"""
            : $$$""" "output_config":{"format":{"type":"json_schema","schema":{{{Schema}}}}},""";
    }

    private static ScriptedAnswer Answer(string dialect) => dialect == "openai" ? ScriptedAnswer.OpenAI : ScriptedAnswer.Anthropic;

    // A limit is short only where a row is about it, so that a busy machine fails no other row.
    private static string Configuration(FaultRow row, Uri first, Uri? second)
    {
        var limits = row.Fault switch
        {
            "late" or "stall-early" when row.Streamed => "first_chunk_timeout: 1s",
            "late" => "total_timeout: 1s",
            "early-late" => "early_keepalive: 100ms, total_timeout: 1s",
            "stall" or "stall-early" => "stall_timeout: 1s",
            _ => "stall_timeout: 60s",
        };
        var onBreak = row.Fault switch { "cut-continued" => "continue", "cut-restarted" => "restart", _ => "error" };
        return $$"""
            discover: false
            resilience: { {{limits}} }
            policies:
              default: table
              table: { strategy: order, on_break: {{onBreak}}, hedge: {{(row.Fault == "late-hedged" ? "{ after: 100ms, max_share: 1 }" : "false")}}, order: [first/small{{(second is null ? "" : ", second/large")}}] }
            providers:
            {{Provider(row, "first", first, "small", 8192)}}
            {{(second is null ? "" : Provider(row, "second", second, "large", 32768))}}
            """;
    }

    // The first provider of a row about the form is one that cannot be held to a schema; the second is trusted with it.
    private static string Provider(FaultRow row, string name, Uri address, string model, int window) => row.Provider == "openai"
        ? $$"""  {{name}}: { type: {{(name == "first" && FaultScripts.IsAboutForm(row.Fault) ? "deepseek" : "openai-compatible")}}, only: [{{model}}], base_url: "{{address}}v1", api_key: sk-up, models: [{ id: {{model}}, context: {{window}}, max_output: 4096, {{(name == "second" && FaultScripts.IsAboutForm(row.Fault) ? "capabilities: [tools, temperature, streaming, json_schema], " : "")}}price: { input: 1, output: 2 } }] }"""
        : $$"""  {{name}}: { type: anthropic, base_url: "{{address}}", api_key: sk-up, only: [{{model}}], models: [{ id: {{model}}, context: {{window}}, max_output: 4096, price: { input: 1, output: 2 } }] }""";

    private static async Task<(string Text, bool Cut)> ReadAsync(HttpResponseMessage reply, TaskCompletionSource seen)
    {
        var bytes = new List<byte>();
        try
        {
            await using var body = await reply.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            while (await body.ReadAsync(buffer) is var read and > 0)
            {
                bytes.AddRange(buffer.AsSpan(0, read));
                seen.TrySetResult();
            }
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return (Encoding.UTF8.GetString([.. bytes]), true);
        }

        return (Encoding.UTF8.GetString([.. bytes]), false);
    }
}
