using System.Text;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.TestKit;

namespace Sommelier.Server.Tests.Edge;

/// <summary>A caller that hangs up stops the provider's work at once.</summary>
public sealed class CallerGoneTests
{
    [Theory]
    [InlineData("openai", true)]
    [InlineData("anthropic", true)]
    [InlineData("openai", false)]
    [InlineData("anthropic", false)]
    public Task The_providers_connection_is_closed_at_once_and_the_ledger_says_canceled(string dialect, bool inTheStream) =>
        AtOnce.HoldsAsync(() => LeaveAsync(dialect, inTheStream));

    // How long the provider's connection outlives its caller's.
    private static async Task<TimeSpan> LeaveAsync(string dialect, bool inTheStream)
    {
        var answer = dialect == "openai" ? ScriptedAnswer.OpenAI : ScriptedAnswer.Anthropic;
        await using var lab = await Lab.StartAsync(dialect, script: inTheStream ? answer.Cut(1, FaultEnd.Hang) : FaultReply.Nothing);
        using var leaving = new CancellationTokenSource();
        // It would read on for two seconds, in the hope of using the connection again.
        using var http = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        using var request = new HttpRequestMessage(HttpMethod.Post, lab.Gateway.Url + Ask.Path(dialect)) { Content = new StringContent(Ask.Body(streamed: true), Encoding.UTF8, "application/json") };

        var sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        var seen = await lab.Provider.RequestAsync(0);
        await seen.Played;
        using var reply = inTheStream ? await sending : null;
        Assert.False(seen.IsClosed);
        var left = TimeProvider.System.GetTimestamp();
        await leaving.CancelAsync();
        reply?.Dispose();
        var took = TimeProvider.System.GetElapsedTime(left, await seen.ClosedByPeer);
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        Assert.Equal(LedgerOutcome.Canceled, entry.Outcome);
        var attempt = Assert.Single(entry.Attempts);
        Assert.Equal(AttemptOutcome.Canceled, attempt.Outcome);
        Assert.True(attempt.Usage is { Estimated: true } && attempt.CostNanoUsd > 0);
        return took;
    }
}
