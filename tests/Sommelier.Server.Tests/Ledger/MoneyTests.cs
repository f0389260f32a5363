using System.Globalization;
using System.Net;
using System.Text;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>Many requests that end in every way there is: the ledger agrees with the provider's own books to the billionth of a dollar.</summary>
/// <remarks>
/// A thousand requests, ten thousand with <c>SOMMELIER_LONG=1</c>; the seed is printed, and <c>SOMMELIER_SEED=n</c> sets it.
/// What the provider did not report is estimated; the error of that is printed and must be small, but cannot be nothing.
/// </remarks>
public sealed class MoneyTests
{
    private static readonly int Requests = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 10_000 : 1_000;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SOMMELIER_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Environment.TickCount;

    [Fact]
    public async Task The_ledger_agrees_with_the_providers_books()
    {
        await using var provider = new BookkeepingProvider(Seed);
        await using var gateway = await RunningGateway.StartAsync(provider.Configuration());
        var made = await gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k" }, "test", default);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0 });
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, cancellationToken) =>
            await AskAsync(http, gateway.Url, made.Secret, number, new Random(Seed + number), cancellationToken));

        var entries = await EntriesAsync(gateway.Gateway.Ledger);
        var output = TestContext.Current.TestOutputHelper!;
        long reported = 0, billed = 0, estimated = 0, owed = 0;
        foreach (var entry in entries)
        {
            var booked = provider.Books.TryGetValue(entry.Tags[0], out var calls) ? calls.ToList() : [];
            var sums = LedgerSums.Of(entry.Attempts);
            Assert.Equal(booked.Count, entry.Attempts.Count);
            Assert.Equal(booked.Select(call => $"lab/{call.Model}"), entry.Attempts.Select(attempt => attempt.DeploymentId));

            // An estimate is marked on the very attempt, and every other agrees to the last digit.
            foreach (var (call, attempt) in booked.Zip(entry.Attempts))
            {
                Assert.True(call.Reported || attempt.Usage is { Estimated: true }, $"{entry.Tags[0]}: {attempt}");
                if (attempt.Usage is { Estimated: true })
                {
                    (estimated, owed) = (estimated + attempt.CostNanoUsd, owed + call.NanoUsd);
                    continue;
                }

                Assert.True(call.NanoUsd == attempt.CostNanoUsd, $"{entry.Tags[0]}: {call} but {attempt}");
                (reported, billed) = (reported + attempt.CostNanoUsd, billed + call.NanoUsd);
            }

            Assert.Equal(entry.Attempts.Where(attempt => attempt.Usage is { Estimated: true }).Sum(attempt => attempt.CostNanoUsd), sums.EstimatedCostNanoUsd);
        }

        Assert.Equal(Requests, entries.Select(entry => entry.Tags[0]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(provider.Books.Values.SelectMany(calls => calls).Sum(call => call.NanoUsd), billed + owed);
        Assert.Equal(billed, reported);
        var total = await gateway.Gateway.Accounts.SpendAsync(made.Key.Id, SpendWindow.Total, default);
        Assert.Equal(new SpendTotal(Requests, total.Tokens, reported + estimated, estimated), total);

        var outcomes = string.Join(", ", entries.GroupBy(entry => entry.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));
        output.WriteLine($"SOMMELIER_SEED={Seed}: {Requests} requests ({outcomes}), {entries.Sum(entry => entry.Attempts.Count)} calls");
        output.WriteLine($"reported {NanoUsd.ToUsd(reported)} USD, the same in the provider's books; estimated {NanoUsd.ToUsd(estimated)} USD of {NanoUsd.ToUsd(owed)} owed: {(decimal)(estimated - owed) / owed:P1}");
        Assert.InRange((double)estimated / owed, 0.5, 2);
    }

    private static async Task AskAsync(HttpClient http, string url, string key, int number, Random chance, CancellationToken cancellationToken)
    {
        var word = BookkeepingProvider.Word(chance);
        var name = $"{word}-{number.ToString(CultureInfo.InvariantCulture)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/v1/chat/completions");
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.Add("x-sommelier-tags", name);
        request.Content = new StringContent(
            Ask.Body(streamed: BookkeepingProvider.Streams(word), prompt: $"{name} {word} {string.Join(' ', Enumerable.Repeat("more", chance.Next(1, 200)))}"), Encoding.UTF8, "application/json");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
            Assert.NotEqual(HttpStatusCode.InternalServerError, reply.StatusCode);
            if (word == "hang")
            {
                // Leaves in the middle of the stream, with both words seen or not.
                leaving.CancelAfter(chance.Next(20));
            }

            await reply.Content.ReadAsByteArrayAsync(leaving.Token);
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException)
        {
            // The stream broke, or the caller left.
        }
    }

    // An entry is settled after the last byte of its reply.
    private static async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(ILedgerQueries ledger)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var entries = await ledger.GetLatestAsync(Requests * 2, patience.Token);
            if (entries.Count >= Requests)
            {
                return entries;
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
