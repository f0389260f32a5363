using Sommelier.Ledger;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Many at once: every request has exactly one entry, and what it says is true; metrics count the same.</summary>
public sealed class ManyRequestsTests
{
    [Fact]
    public async Task A_hundred_mixed_requests_leave_a_hundred_entries()
    {
        await using var openAI = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var anthropic = new FaultServer(ScriptedAnswer.Anthropic.Reply(streamed: true));
        await using var broken = new FaultServer(ScriptedAnswer.OpenAI.WithoutEnd(0));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            resilience: { max_attempts_per_deployment: 1 }
            providers:
              whole: { type: openai-compatible, base_url: "{{openAI.Address}}v1", models: [m] }
              streams: { type: anthropic, base_url: "{{anthropic.Address}}", api_key: sk-up, only: [m], models: [m] }
              broken: { type: openai-compatible, base_url: "{{broken.Address}}v1", models: [m] }
            """);
        (string Model, bool Streamed, LedgerOutcome Outcome)[] kinds =
            [("whole/m", false, LedgerOutcome.Succeeded), ("streams/m", true, LedgerOutcome.Succeeded), ("broken/m", true, LedgerOutcome.Failed), ("no/m", false, LedgerOutcome.Failed)];

        var asked = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            var (model, streamed, outcome) = kinds[number % kinds.Length];
            using var reply = await Ask.ChatAsync(gateway, number % 8 < 4 ? "openai" : "anthropic", streamed, model);
            await reply.Content.ReadAsStringAsync();
            return (Id: Ask.Header(reply, "x-sommelier-request-id")!, Outcome: outcome, Status: (int)reply.StatusCode);
        }));
        var entries = await gateway.EntriesAsync(asked.Length);

        Assert.Equal(
            asked.OrderBy(request => request.Id, StringComparer.Ordinal),
            entries.Select(entry => (Id: entry.RequestId, entry.Outcome, entry.Status)).OrderBy(request => request.Id, StringComparer.Ordinal));

        using var metrics = await Ask.SendAsync(gateway, HttpMethod.Get, "/metrics");
        var text = await metrics.Content.ReadAsStringAsync();
        Assert.All(["gen_ai_client_operation_duration", "gen_ai_client_token_usage", "gen_ai_server_request_duration"], name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_log_line_of_any_level_holds_a_prompt_an_answer_or_a_key()
    {
        await using var lab = await Lab.StartAsync(more: "server: { keys: [sk-caller-secret] }");
        foreach (var model in (string[])["auto", "lab/none"])
        {
            using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/messages?key=sk-caller-secret", Ask.Body(model, prompt: "a-private-prompt-87"));
            await reply.Content.ReadAsStringAsync();
        }

        await lab.Gateway.EntriesAsync(2);
        await lab.Gateway.DisposeAsync();
        Assert.NotEmpty(lab.Gateway.Log);
        Assert.All(
            ["a-private-prompt-87", ScriptedAnswer.Text, "sk-caller-secret", "sk-upstream"],
            secret => Assert.DoesNotContain(secret, lab.Gateway.Log + lab.Gateway.ReadDataFolder(), StringComparison.Ordinal));
    }
}
