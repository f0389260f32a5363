using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Evals.Suites;
using Sommelier.Gateway;
using Sommelier.Ledger;
using Sommelier.Wire;

namespace Sommelier.Evals.Runs;

/// <summary>Sends requests through the gateway of this process, one call each: routing, translation, prices and ledger are those of every other caller.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="key">The caller key that it wants, or null.</param>
internal sealed class GatewayCaller(GatewayHost gateway, string? key)
{
    private static readonly IWireFormat Chat = WireFormats.Get("openai-chat");
    private static readonly IWireFormat Vectors = WireFormats.Get("openai-embeddings");

    // The deployment named outright, nobody in its place, no stored answer.
    private static readonly byte[] Controls = "\"sommelier\":{\"fallback\":false,\"cache\":false,\"tags\":[\"eval\"]},"u8.ToArray();

    /// <summary>A snapshot for evals: the runner repeats calls itself, since it must know of each failure.</summary>
    public static GatewaySnapshot OneCallEach(GatewaySnapshot snapshot) =>
        snapshot with { Attempts = snapshot.Attempts with { MaxAttempts = 1, MaxAttemptsPerDeployment = 1, Hedge = null } };

    /// <summary>One chat.</summary>
    /// <param name="deployment">Who is asked.</param>
    /// <param name="body">The request in OpenAI's chat format, without <c>model</c>.</param>
    /// <param name="intent">What kind of work it is; null where nobody has said so.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public Task<ModelCall> AskAsync(Deployment deployment, ReadOnlyMemory<byte> body, Intent? intent, CancellationToken cancellationToken) =>
        CallAsync(Chat, deployment, body, intent, cancellationToken);

    /// <summary>Vectors of texts.</summary>
    public Task<ModelCall> EmbedAsync(Deployment deployment, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, ReadableJson.Writer))
        {
            json.WriteStartObject();
            json.WriteStartArray("input");
            foreach (var text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return CallAsync(Vectors, deployment, body.WrittenMemory, null, cancellationToken);
    }

    private async Task<ModelCall> CallAsync(IWireFormat format, Deployment deployment, ReadOnlyMemory<byte> body, Intent? intent, CancellationToken cancellationToken)
    {
        var whole = new byte[Controls.Length + body.Length];
        whole[0] = (byte)'{';
        Controls.CopyTo(whole, 1);
        body.Span[1..].CopyTo(whole.AsSpan(1 + Controls.Length));
        LedgerEntry? entry = null;
        var exchange = new InProcessExchange(CaseReader.WithModel(whole, deployment.Id), CallerHints.None);
        var call = new ChatCall { RequestId = gateway.NewRequestId(), Format = format, Endpoint = "eval", ApiKey = key, Intent = intent, Recorded = recorded => entry = recorded };
        var serving = ServeAsync(call, exchange, cancellationToken);
        ChatResponse? response = null;
        GatewayError? error = null;
        try
        {
            using var reply = new MemoryStream();
            await exchange.Reply.CopyToAsync(reply, cancellationToken);
            await serving;
            if (exchange.Head is { Status: 200 } && !exchange.Broken)
            {
                response = format.Responses.Read(reply.GetBuffer().AsSpan(0, (int)reply.Length), WireQuirks.Default);
            }
            else
            {
                error = Error(exchange, entry, reply.GetBuffer().AsMemory(0, (int)reply.Length));
            }
        }
        catch (UpstreamException failure)
        {
            error = new(GatewayErrorKind.UpstreamUnavailable, failure.Message, 502);
        }
        finally
        {
            // Also when the run was given up: the request is on record before the ledger closes.
            await serving;
        }

        var attempts = entry?.Attempts ?? [];
        var last = attempts is [.., var final] ? final : null;
        return new()
        {
            Response = response,
            Error = response is null ? error : null,
            Sent = last is not null,
            Failure = last?.Failure,
            CostUsd = attempts.Sum(static attempt => NanoUsd.ToUsd(attempt.CostNanoUsd)),
            Latency = last?.Duration ?? TimeSpan.Zero,
            Usage = last?.Usage,
        };
    }

    private async Task ServeAsync(ChatCall call, InProcessExchange exchange, CancellationToken cancellationToken)
    {
        // Off the reader's thread: a body that is larger than the pipe's window waits for its reader.
        await Task.Yield();
        await gateway.Chat.RunAsync(call, exchange, cancellationToken);
        await exchange.Output.CompleteAsync();
    }

    private static GatewayError Error(InProcessExchange exchange, LedgerEntry? entry, ReadOnlyMemory<byte> body)
    {
        var message = "";
        try
        {
            using var document = JsonDocument.Parse(body);
            message = document.RootElement.GetProperty("error").GetProperty("message").GetString() ?? "";
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            message = "the answer broke off";
        }

        return new(entry?.Error ?? GatewayErrorKind.UpstreamUnavailable, message, exchange.Head?.Status ?? 0, RetryAfter: exchange.Head?.RetryAfter);
    }
}
