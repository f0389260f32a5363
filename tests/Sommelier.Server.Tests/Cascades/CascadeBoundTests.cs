using System.Net;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;

namespace Sommelier.Server.Tests.Cascades;

/// <summary>What a cascade may cost is held beforehand, counted to the last nano-dollar, and explained.</summary>
public sealed class CascadeBoundTests
{
    private const string Judged = "max_extra_usd: 0.1, checks: { regex: Hello, judge: lab/judge }";

    [Fact]
    public async Task Every_call_counts_against_the_keys_budget()
    {
        await using var lab = await CascadeLab.StartAsync(Judged, new CascadeLab { Verdict = static code => $$"""{"code": "{{code}}", "score": 0.1}""" });
        var key = await KeyAsync(lab, 1m);

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", headers: ("x-api-key", key.Secret));
        _ = await reply.Content.ReadAsStringAsync();

        Assert.Equal("mini judge big", lab.Asked);
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));
        var all = CascadeLab.Mini + CascadeLab.Judge + CascadeLab.Big;
        Assert.Equal(all, entry.Attempts.Sum(attempt => attempt.CostNanoUsd));
        Assert.Equal(all, (await lab.Gateway.Gateway.Accounts.SpendAsync(key.Id, SpendWindow.Total, default)).CostNanoUsd);
        Assert.Equal(NanoUsd.ToUsd(all), decimal.Parse(Ask.Header(reply, "x-sommelier-cost-usd")!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_budget_that_affords_the_plan_alone_gets_the_plan_alone()
    {
        await using var lab = await CascadeLab.StartAsync(Judged);

        // The plan may cost 64 tokens of output at 20 USD per million and its input; a judge alone 2,048 at 10.
        var key = await KeyAsync(lab, 0.005m);
        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", headers: ("x-api-key", key.Secret));

        Assert.Equal(("big", "policy_order"), (lab.Asked, Ask.Header(reply, "x-sommelier-reason")));
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));
        Assert.Equal(("big", "budget"), ((await DecisionAsync(lab, entry.RequestId, key.Secret)).GetProperty("model").GetString()!["lab/".Length..], (await DecisionAsync(lab, entry.RequestId, key.Secret)).GetProperty("cascade_outcome").GetString()));
    }

    [Fact]
    public async Task A_ceiling_that_affords_one_answer_gets_one_answer()
    {
        await using var lab = await CascadeLab.StartAsync("checks: { regex: '^Bonjour' }");

        // Some hundred tokens at 20 USD per million are expected of the plan's choice, as many at 2 of the cheap one beside it.
        using var route = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/route", Ask.Body());
        using var json = JsonDocument.Parse(await route.Content.ReadAsStringAsync());
        var costs = json.RootElement.GetProperty("candidates").EnumerateArray().ToDictionary(one => one.GetProperty("model").GetString()!, one => one.GetProperty("cost_usd").GetDecimal());
        Assert.Equal(("lab/mini", "lab/big"), (json.RootElement.GetProperty("cascade").GetProperty("first").GetString(), json.RootElement.GetProperty("cascade").GetProperty("next").GetString()));
        var enough = (costs["lab/big"] + costs["lab/mini"]).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var little = (costs["lab/big"] + (costs["lab/mini"] / 2)).ToString(System.Globalization.CultureInfo.InvariantCulture);

        using var tight = await Ask.ChatAsync(lab.Gateway, "openai", headers: ("x-sommelier-max-cost-usd", little));
        Assert.Equal(("policy_order", "big"), (Ask.Header(tight, "x-sommelier-reason"), lab.Asked));
        using var loose = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Ask.Path("openai"), Ask.Body(prompt: "Say hello to the moon."), ("x-sommelier-max-cost-usd", enough));
        Assert.Equal(("escalated_regex", "big mini big"), (Ask.Header(loose, "x-sommelier-reason"), lab.Asked));
    }

    [Fact]
    public async Task An_answer_that_the_allowance_cuts_off_does_not_pass()
    {
        // 0.0012 USD are 600 tokens at 2 USD per million, the input apart; no limit is the caller's own.
        await using var lab = await CascadeLab.StartAsync(
            "max_extra_usd: 0.0012, checks: { regex: Hello }",
            new CascadeLab { Fault = static _ => FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody.Replace("\"stop\"", "\"length\"", StringComparison.Ordinal)) });

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Ask.Path("openai"), """{"model":"auto","messages":[{"role":"user","content":"Say hello to the world."}]}""");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(("escalated_length", "mini big"), (Ask.Header(reply, "x-sommelier-reason"), lab.Asked));
        using var sent = JsonDocument.Parse(lab.Provider.Requests[0].Body);
        Assert.InRange((sent.RootElement.TryGetProperty("max_tokens", out var cap) ? cap : sent.RootElement.GetProperty("max_completion_tokens")).GetInt32(), 500, 600);
        Assert.DoesNotContain("max_", lab.Provider.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_record_and_the_metrics_say_what_became_of_it()
    {
        await using var lab = await CascadeLab.StartAsync("checks: { regex: '^Bonjour' }");
        using var reply = await Ask.ChatAsync(lab.Gateway, "openai");
        _ = await reply.Content.ReadAsStringAsync();
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        var record = await DecisionAsync(lab, entry.RequestId, null);

        Assert.Equal(("lab/big", "policy_order", "regex"), (record.GetProperty("model").GetString(), record.GetProperty("reason").GetString(), record.GetProperty("cascade_outcome").GetString()));
        Assert.Equal("escalated_regex", record.GetProperty("request").GetProperty("reason").GetString());
        Assert.Equal("rejected", record.GetProperty("request").GetProperty("attempts")[0].GetProperty("outcome").GetString());
        using var metrics = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/metrics");
        var line = Assert.Single((await metrics.Content.ReadAsStringAsync()).Split('\n'), one => one.StartsWith("sommelier_cascades_total{", StringComparison.Ordinal));
        Assert.Contains("sommelier_outcome=\"regex\"", line, StringComparison.Ordinal);
        Assert.Contains("sommelier_policy=\"table\"", line, StringComparison.Ordinal);
        Assert.EndsWith(" 1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judge_that_nobody_saw_the_end_of_is_noted_as_one_at_what_it_is_asked()
    {
        // The marker lines and orders of the question are some two hundred tokens; the caller's words are a handful.
        await using var lab = await CascadeLab.StartAsync("max_extra_usd: 0.1, max_extra_ms: 60000, checks: { judge: lab/judge }", new CascadeLab { JudgeHangs = true });
        using var leaving = new CancellationTokenSource();
        using var content = new StringContent(Ask.Body(), System.Text.Encoding.UTF8, "application/json");
        using var http = new HttpClient();
        var asking = http.PostAsync(lab.Gateway.Url + Ask.Path("openai"), content, leaving.Token);
        await lab.Provider.RequestAsync(1);

        var noted = Noted(lab.Gateway.Folder);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal([(AttemptPurpose.Answer, AttemptOutcome.Succeeded), (AttemptPurpose.Judge, AttemptOutcome.Unknown)], noted.Attempts.Select(attempt => (attempt.Purpose, attempt.Outcome)));
        Assert.InRange(noted.Attempts[1].Usage!.Value.InputTokens, 100, 1_000);
    }

    // The last that the journal says of the only request, as a start after a kill reads it.
    private static LedgerEntry Noted(string folder)
    {
        LedgerEntry? last = null;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "journal"), "*.journal"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var reader = new JournalReader(bytes);
            while (reader.Next())
            {
                last = reader.Kind == JournalRecordKind.Opened ? EntryDecoder.Read(reader.Fields) : last;
            }
        }

        return last!;
    }

    private static async Task<(string Id, string Secret)> KeyAsync(CascadeLab lab, decimal usd)
    {
        var (account, secret) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(
            key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(usd), null)] } }, "test", default);
        return (account.Id, secret);
    }

    private static async Task<JsonElement> DecisionAsync(CascadeLab lab, string requestId, string? key)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"/v1/decisions/{requestId}", null, key is null ? [] : [("x-api-key", key)]);
            if (reply.IsSuccessStatusCode)
            {
                using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(patience.Token));
                return json.RootElement.Clone();
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
