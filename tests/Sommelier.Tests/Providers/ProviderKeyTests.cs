using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.TestKit;
using Sommelier.Tests.Ledger;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

/// <summary>
/// A whole gateway before every endpoint of every registered provider, with everything logged: the key is sent, and stands
/// in no log line, reply, ledger entry, decision or file, in plain or encoded, whatever becomes of the call.
/// </summary>
public sealed class ProviderKeyTests
{
    // Signs that each encoding writes in another way.
    private const string Key = "Very+Secret/Key=0123456789~ab";

    private static readonly string[] Forms =
    [
        Key, Uri.EscapeDataString(Key), JavaScriptEncoder.Default.Encode(Key), Convert.ToBase64String(Encoding.UTF8.GetBytes(Key)),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Key)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Key)), "Secret/Key", "Secret%2FKey",
    ];

    private static readonly string Echo = $"Wrong key {Key}, that is {Uri.EscapeDataString(Key)} or {Convert.ToBase64String(Encoding.UTF8.GetBytes(Key))}.";

    private static readonly (string Name, bool Streamed, Func<ProviderCase, FaultReply> Play)[] Plays =
    [
        ("whole", false, provider => provider.Answer(streamed: false)),
        ("streamed", true, provider => provider.Answer(streamed: true)),
        ("400", false, provider => provider.Refusal(400, GatewayErrorKind.InvalidRequest, Echo)),
        ("401", true, provider => provider.Refusal(401, GatewayErrorKind.Unauthenticated, Echo)),
        ("404", false, provider => provider.Refusal(404, GatewayErrorKind.ModelNotFound, Echo)),
        ("429", false, provider => provider.Refusal(429, GatewayErrorKind.RateLimited, Echo)),
        ("500", true, provider => provider.Refusal(500, GatewayErrorKind.Internal, Echo)),
        ("code", false, _ => FaultReply.Error(400, JsonSerializer.Serialize(new { error = new { message = Echo, type = Key, code = Key, param = Key } }))),
        ("page", false, _ => FaultReply.Html(502) with { Pieces = [$"<html>{Echo}</html>"] }),
        ("garbage", true, _ => FaultReply.Events([$"data: {Echo}\n\n"])),
        ("error inside", true, provider => provider.BrokenBy(new(GatewayErrorKind.UpstreamRejected, Echo, 400, Key, Key))),
        ("reset", true, _ => FaultReply.ResetAtOnce),
        ("cut", true, provider => provider.Stalled() with { End = FaultEnd.Cut }),
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public async Task The_key_is_sent_and_kept_nowhere(string? parameter)
    {
        var calls = ProviderCase.All.SelectMany(provider => Plays.Select(play => (Provider: provider, Play: play))).ToArray();
        await using var server = new FaultServer(0, (request, _) => calls[int.Parse(request.Path.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture)] is var call ? call.Play.Play(call.Provider) : FaultReply.Nothing);
        using var folder = new TemporaryFolder();
        var log = new CapturedLog();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        var told = new StringBuilder();
        var snapshot = GatewaySnapshotBuilder.Build(SommelierConfig.Default with { Discover = false }, _ => null, []).Snapshot;
        snapshot = snapshot with
        {
            Catalog = CatalogSnapshot.Create(calls.Select((call, number) => DeploymentOf(call.Provider, number))),
            Providers = calls.Select((call, number) => new ProviderBinding
            {
                Name = $"p{number}", Provider = call.Provider.Provider, BaseAddress = new(server.Address, $"{number}/"), ApiKey = Key, KeyParameter = parameter,
            }).ToDictionary(binding => binding.Name, StringComparer.Ordinal),
            Attempts = snapshot.Attempts with { MaxAttempts = 1, MaxAttemptsPerDeployment = 1 },
        };
        var options = new GatewayHostOptions { DatabasePath = folder["ledger.db"], JournalFolder = folder["journal"] };
        await using (var gateway = await GatewayHost.StartAsync(snapshot, options, TimeProvider.System, logging, TestContext.Current.CancellationToken))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, calls.Length), TestContext.Current.CancellationToken, async (number, cancel) =>
            {
                var reply = await AskAsync(gateway, calls[number].Provider, number, calls[number].Play.Streamed, cancel);
                lock (told)
                {
                    told.AppendLine(reply);
                }
            });

            var entries = await EntriesAsync(gateway, calls.Length);
            foreach (var entry in entries)
            {
                told.AppendLine(JsonSerializer.Serialize(entry));
                var decision = await gateway.Ledger.GetDecisionAsync(entry.RequestId, TestContext.Current.CancellationToken);
                told.AppendLine(Encoding.UTF8.GetString((decision ?? throw new InvalidOperationException("No decision.")).Span));
            }

            var metrics = new ArrayBufferWriter<byte>();
            gateway.WriteMetrics(metrics);
            told.AppendLine(Encoding.UTF8.GetString(metrics.WrittenSpan));

            // It was sent each time, and answered where it should have been: otherwise there would be nothing to hide.
            Assert.Equal(calls.Length, server.Requests.Count);
            Assert.All(server.Requests, request => Assert.Contains(
                parameter is null ? Key : $"key={Key}", parameter is null ? string.Join(' ', request.Headers.Values) : Uri.UnescapeDataString(request.Path), StringComparison.Ordinal));
            Assert.Equal(calls.Count(call => call.Play.Name is "whole" or "streamed"), entries.Count(entry => entry.Status == 200 && entry.Attempts is [{ Outcome: AttemptOutcome.Succeeded }]));
        }

        told.AppendLine(log.Text);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            told.AppendLine(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
        }

        var everything = told.ToString();
        Assert.Contains("[key]", everything, StringComparison.Ordinal);
        Assert.All(Forms, form => Assert.True(
            everything.IndexOf(form, StringComparison.OrdinalIgnoreCase) is var at && at < 0, $"'{form}' stands in: {Around(everything, at)}"));
    }

    private static Deployment DeploymentOf(ProviderCase provider, int number) =>
        provider.Deployment with { Id = $"p{number}/{provider.Deployment.Model}", Provider = $"p{number}" };

    private static async Task<string> AskAsync(GatewayHost gateway, ProviderCase provider, int number, bool streamed, CancellationToken cancellationToken)
    {
        var dialect = provider.Endpoint.Format == "openai-chat" ? "anthropic-messages" : "openai-chat";
        var body = $$"""{"model":"p{{number}}/{{provider.Deployment.Model}}","max_tokens":50,"stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"Say hello."}]}""";
        var exchange = new Exchange(Encoding.UTF8.GetBytes(body));
        var call = new ChatCall { RequestId = gateway.NewRequestId(), Format = WireFormats.Get(dialect), Endpoint = "/test" };
        await gateway.Chat.RunAsync(call, exchange, cancellationToken);
        return await exchange.ReadAsync();
    }

    private static async Task<IReadOnlyList<Sommelier.Ledger.LedgerEntry>> EntriesAsync(GatewayHost gateway, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var entries = await gateway.Ledger.GetLatestAsync(10_000, patience.Token);
            if (entries.Count >= count)
            {
                return entries;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 100)];

    private sealed class Exchange(ReadOnlyMemory<byte> body) : IExchange
    {
        private readonly Pipe pipe = new(new(pauseWriterThreshold: 0));
        private string head = "";

        public PipeWriter Output => pipe.Writer;

        public CallerHints ReadHints() => CallerHints.None;

        public ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(long maxBytes, CancellationToken cancellationToken) => new(body);

        public void Start(ReplyHead started) => head = $"{started} {string.Join(',', started.Warnings ?? [])}";

        public void Abort() => head += " cut";

        public async Task<string> ReadAsync()
        {
            await pipe.Writer.CompleteAsync();
            var read = await pipe.Reader.ReadAtLeastAsync(int.MaxValue);
            return $"{head} {Encoding.UTF8.GetString(read.Buffer)}";
        }
    }
}
