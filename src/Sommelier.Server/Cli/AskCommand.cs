using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Ledger;
using Sommelier.Server.Hosting;
using Sommelier.Wire;

namespace Sommelier.Server.Cli;

/// <summary><c>ask</c>: one request through the whole pipeline, the answer written as it comes.</summary>
internal static class AskCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new ServeOptions(withUrls: false);
        var text = new Argument<string>("text") { Description = "What to ask; - reads it from the standard input." };
        var model = new Option<string>("--model", "-m") { Description = "auto, auto/POLICY, provider/model, a model id or an alias. Default: auto.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
        var json = CommonOptions.Json();
        var command = new Command("ask", "Send one request through the pipeline and print the answer as it comes.");
        command.Arguments.Add(text);
        command.Options.Add(model);
        command.Options.Add(json);
        var profile = CommonOptions.Profile();
        options.AddTo(command);
        command.Options.Add(profile);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context.Under(parsed.GetValue(profile)), options.Read(parsed), parsed.GetValue(model)!, parsed.GetValue(text)!, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, ServeSettings settings, string model, string text, bool json, CancellationToken cancellationToken)
    {
        var config = settings.Load(context);
        if (string.Equals(text, "-", StringComparison.Ordinal))
        {
            text = await context.Input.ReadToEndAsync(cancellationToken);
        }

        // A server that runs holds the ledger's folder; what is asked from a terminal has its own beside it.
        config = config with { Sqlite = null, Server = config.Server with { Data = Path.Combine(config.Server.Data, "ask") } };
        var startup = new GatewayStartup { Config = config, Environment = context.Environment, Time = context.Time };
        try
        {
            await using var started = await startup.BuildGatewayAsync(new ErrorLines(context.Error), durable: false, cancellationToken);
            return await AskAsync(context, started.Gateway, config.Server.Keys.Count > 0 ? config.Server.Keys[0] : null, model, text, json, cancellationToken);
        }
        catch (IOException failure)
        {
            await context.Error.WriteLineAsync($"sommelier: {failure.Message}");
            return ExitCodes.Infrastructure;
        }
    }

    private static async Task<int> AskAsync(CliContext context, GatewayHost gateway, string? key, string model, string text, bool json, CancellationToken cancellationToken)
    {
        var format = WireFormats.Get("openai-chat");
        var exchange = new InProcessExchange(Body(model, text), CallerHints.None);
        var call = new ChatCall { RequestId = gateway.NewRequestId(), Format = format, Endpoint = "ask", ApiKey = key };
        var serving = ServeAsync(gateway, call, exchange, cancellationToken);
        string answer;
        try
        {
            answer = await ReadAsync(context, exchange, format, echo: !json, cancellationToken);
        }
        finally
        {
            // Also when the reading was interrupted: the request is on record before the ledger closes.
            await serving;
        }

        var entry = await gateway.Ledger.GetAsync(call.RequestId, cancellationToken);
        if (json)
        {
            await WriteJsonAsync(context, gateway, call.RequestId, answer, cancellationToken);
        }
        else if (exchange.Head is { Status: 200 } head)
        {
            await context.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"\n\n{head.Model} ({head.Intent}, {head.Reason}), {entry?.Attempts.Sum(attempt => attempt.CostNanoUsd) / 1e9:0.######} USD, {entry?.Duration.TotalSeconds:0.0} s"));
        }

        return entry switch
        {
            { Outcome: LedgerOutcome.Succeeded } => ExitCodes.Fine,
            { Error: GatewayErrorKind.BudgetExceeded } => ExitCodes.Budget,

            // What was asked for does not exist or is not configured; nobody was asked.
            { Attempts: [], Error: GatewayErrorKind.InvalidRequest or GatewayErrorKind.ModelNotFound or GatewayErrorKind.NoProvider } => ExitCodes.Usage,
            _ => ExitCodes.Infrastructure,
        };
    }

    private static async Task ServeAsync(GatewayHost gateway, ChatCall call, InProcessExchange exchange, CancellationToken cancellationToken)
    {
        await gateway.Chat.RunAsync(call, exchange, cancellationToken);
        await exchange.Output.CompleteAsync();
    }

    private static async Task<string> ReadAsync(CliContext context, InProcessExchange exchange, IWireFormat format, bool echo, CancellationToken cancellationToken)
    {
        using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
        var deltas = new List<ChatDelta>();
        var answer = new StringBuilder();
        try
        {
            while (true)
            {
                var read = await exchange.Reply.ReadAsync(cancellationToken);
                if (exchange.Head is { Status: not 200 })
                {
                    if (read.IsCompleted)
                    {
                        await context.Error.WriteLineAsync($"sommelier: {ErrorMessage(read.Buffer)}");
                        break;
                    }

                    exchange.Reply.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }

                deltas.Clear();
                foreach (var segment in read.Buffer)
                {
                    decoder.Decode(segment.Span, deltas);
                }

                exchange.Reply.AdvanceTo(read.Buffer.End);
                foreach (var delta in deltas)
                {
                    switch (delta)
                    {
                        case TextDelta piece:
                            answer.Append(piece.Text);
                            if (echo)
                            {
                                await context.Output.WriteAsync(piece.Text);
                            }

                            break;
                        case FailureDelta failure:
                            await context.Error.WriteLineAsync($"\nsommelier: {failure.Failure.Message}");
                            break;
                    }
                }

                if (read.IsCompleted)
                {
                    if (exchange.Broken)
                    {
                        throw new IOException("The answer broke off.");
                    }

                    break;
                }
            }
        }
        catch (IOException broken)
        {
            await context.Error.WriteLineAsync($"\nsommelier: {broken.Message}");
        }

        return answer.ToString();
    }

    private static string ErrorMessage(ReadOnlySequence<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("error").GetProperty("message").GetString() ?? "";
    }

    private static byte[] Body(string model, string text)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("stream", true);
            json.WriteStartArray("messages");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteString("content", text);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static async Task WriteJsonAsync(CliContext context, GatewayHost gateway, string requestId, string answer, CancellationToken cancellationToken)
    {
        var decision = await gateway.Ledger.GetDecisionAsync(requestId, cancellationToken);
        var output = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("text", answer);
        json.WritePropertyName("decision");
        if (decision is { } record)
        {
            json.WriteRawValue(record.Span);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        await context.Output.WriteLineAsync(Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
