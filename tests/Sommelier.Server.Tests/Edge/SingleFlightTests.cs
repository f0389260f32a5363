using System.Net;
using System.Text;
using Sommelier.Ledger;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Requests that are the same and run at once: one asks, the others wait, and none suffers for another.</summary>
public sealed class SingleFlightTests
{
    private const string On = "\"sommelier\":{\"cache\":true},";
    private const int Callers = 12;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_asks_for_all(bool streamed)
    {
        var gate = new TaskCompletionSource();
        await using var lab = await Lab.StartAsync(streamed: streamed, script: ScriptedAnswer.OpenAI.Reply(streamed) with { GateBefore = -1, Gate = gate.Task });
        var asked = await CrowdAsync(lab, streamed);
        gate.SetResult();

        var texts = new List<string>();
        foreach (var reply in await Task.WhenAll(asked))
        {
            using (reply)
            {
                texts.Add((await reply.Content.ReadAsStringAsync()).Replace("0.000022", "0", StringComparison.Ordinal));
            }
        }

        Assert.Single(texts.Distinct(StringComparer.Ordinal));
        Assert.Single(lab.Provider.Requests);
        var entries = await lab.Gateway.EntriesAsync(Callers);
        Assert.Equal(Callers - 1, entries.Count(entry => entry is { Reason: "cached", Attempts.Count: 0, Outcome: LedgerOutcome.Succeeded }));
    }

    [Fact]
    public async Task A_leader_that_fails_leaves_the_others_to_ask_for_themselves()
    {
        var gate = new TaskCompletionSource();
        var bad = FaultReply.Error(400, ScriptedAnswer.OpenAI.ErrorBody) with { GateBefore = -1, Gate = gate.Task };
        await using var lab = await Lab.StartAsync(scripts: [bad, ScriptedAnswer.OpenAI.Reply(streamed: false)]);
        var asked = await CrowdAsync(lab, streamed: false);
        gate.SetResult();

        var statuses = new List<HttpStatusCode>();
        foreach (var reply in await Task.WhenAll(asked))
        {
            using (reply)
            {
                statuses.Add(reply.StatusCode);
            }
        }

        Assert.Single(statuses, HttpStatusCode.BadRequest);
        Assert.Equal(Callers - 1, statuses.Count(status => status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_leader_whose_caller_leaves_hands_over_to_one_of_those_who_wait()
    {
        await using var lab = await Lab.StartAsync(scripts: [FaultReply.Nothing, ScriptedAnswer.OpenAI.Reply(streamed: false)]);
        using var leaving = new CancellationTokenSource();
        var leader = LeadAsync(lab, leaving.Token);
        await lab.Provider.RequestAsync(0);
        var others = Enumerable.Range(0, Callers).Select(_ => Ask.ChatAsync(lab.Gateway, "openai", more: On)).ToList();
        await WaitingAsync(lab, Callers + 1);
        await leaving.CancelAsync();

        foreach (var reply in await Task.WhenAll(others).WaitAsync(TimeSpan.FromMinutes(1)))
        {
            using (reply)
            {
                Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.Equal(2, lab.Provider.Requests.Count);
    }

    [Fact]
    public async Task Nobody_waits_for_another_longer_than_its_own_latency_budget()
    {
        await using var lab = await Lab.StartAsync(scripts: [FaultReply.Nothing, ScriptedAnswer.OpenAI.Reply(streamed: false)]);
        using var leaving = new CancellationTokenSource();
        var leader = LeadAsync(lab, leaving.Token);
        await lab.Provider.RequestAsync(0);

        using var other = await Ask.ChatAsync(lab.Gateway, "openai", headers: [("x-sommelier-cache", "true"), ("x-sommelier-max-latency-ms", "200")]);

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("miss", Ask.Header(other, "x-sommelier-cache"));
        Assert.False(leader.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
    }

    private static async Task LeadAsync(Lab lab, CancellationToken leaving)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        using var content = new StringContent(Ask.Body(more: On), Encoding.UTF8, "application/json");
        using var reply = await http.PostAsync(lab.Gateway.Url + Ask.Path("openai"), content, leaving);
    }

    // All of them, once the first is at the provider and the others are in the gateway.
    private static async Task<List<Task<HttpResponseMessage>>> CrowdAsync(Lab lab, bool streamed)
    {
        var asked = new List<Task<HttpResponseMessage>> { Ask.ChatAsync(lab.Gateway, "openai", streamed, more: On) };
        await lab.Provider.RequestAsync(0);
        asked.AddRange(Enumerable.Range(1, Callers - 1).Select(_ => Ask.ChatAsync(lab.Gateway, "openai", streamed, more: On)));
        await WaitingAsync(lab, Callers);
        return asked;
    }

    private static async Task WaitingAsync(Lab lab, int requests)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var metrics = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/metrics");
            if ((await metrics.Content.ReadAsStringAsync(patience.Token)).Contains($"sommelier_requests_active {requests}", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(10, patience.Token);
        }
    }
}
