using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Benchmarks.Pairs;
using Sommelier.Canonical;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Benchmarks;

/// <summary>
/// What keeping answers costs a request of the responses dialect: a whole gateway in this process, everything but the network
/// real, with nothing kept, kept in memory, kept in a file. Read the differences.
/// </summary>
[Config(typeof(ShortConfig))]
#pragma warning disable CA1001 // GlobalCleanup disposes them.
public class KeptBenchmarks
#pragma warning restore CA1001
{
    private const string Model = "openai/gpt-6-luna";

    private static readonly OpenAIResponsesFormat Format = OpenAIResponsesFormat.Instance;

    private byte[] body = [];
    private string folder = "";
    private GatewayHost host = null!;

    [Params("off", "memory", "file")]
    public string Store { get; set; } = "";

    [Params(false, true)]
    public bool Streamed { get; set; }

    [GlobalSetup]
    public async Task Start()
    {
        folder = Directory.CreateTempSubdirectory("sommelier-bench-").FullName;
        body = Asked();
        var (config, problems) = ConfigReader.Read("providers: { openai: { api_key: k } }", "sommelier.yaml", _ => null);
        host = await GatewayHost.StartAsync(
            GatewaySnapshotBuilder.Build(config ?? throw new InvalidOperationException(string.Join('\n', problems)), _ => null, []).Snapshot,
            new()
            {
                DatabasePath = Path.Combine(folder, "ledger.db"),
                JournalFolder = Path.Combine(folder, "journal"),
                Responses = Store == "off" ? null : new() { Path = Store == "file" ? Path.Combine(folder, "responses.db") : null },
                Transport = new Vendor(Streamed),
            },
            TimeProvider.System,
            NullLoggerFactory.Instance,
            default);
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark]
    public async Task<long> Request()
    {
        var exchange = new InProcessExchange(body, CallerHints.None);
        var call = new ChatCall { RequestId = host.NewRequestId(), Format = Format, Endpoint = "/v1/responses" };
        var serving = ServeAsync(call, exchange);
        var length = 0L;
        while (true)
        {
            var read = await exchange.Reply.ReadAsync();
            length += read.Buffer.Length;
            exchange.Reply.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        await serving;
        return exchange.Head is { Status: 200 } ? length : throw new InvalidOperationException($"The gateway answered {exchange.Head?.Status}.");
    }

    // As a client that says nothing of keeping asks: then answers are kept.
    private byte[] Asked()
    {
        var asked = JsonNode.Parse(Conversation.RequestIn(Format.Name))!.AsObject();
        asked.Remove("store");
        asked["model"] = Model;
        asked["stream"] = Streamed;
        return JsonSerializer.SerializeToUtf8Bytes(asked);
    }

    private async Task ServeAsync(ChatCall call, InProcessExchange exchange)
    {
        await host.Chat.RunAsync(call, exchange, default);
        await exchange.Output.CompleteAsync();
    }

    // Answers at once, each time under another id.
    private sealed class Vendor(bool streamed) : HttpMessageHandler
    {
        private const string Id = "resp_000000000000";

        private readonly string answer = Answer(streamed);
        private long count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"resp_{Interlocked.Increment(ref count):000000000000}");
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer.Replace(Id, id, StringComparison.Ordinal)));
            content.Headers.ContentType = new MediaTypeHeaderValue(streamed ? "text/event-stream" : "application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }

        private static string Answer(bool streamed) =>
            Encoding.UTF8.GetString(streamed ? [.. Conversation.StreamIn(Format.Name, 100).SelectMany(chunk => chunk)] : Conversation.AnswerIn(Format.Name))
                .Replace("resp_answer1", Id, StringComparison.Ordinal);
    }
}
