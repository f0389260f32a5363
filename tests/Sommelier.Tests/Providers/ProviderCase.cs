using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Tests.Wire.Fidelity;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

/// <summary>An endpoint of a registered provider, behind a scripted server and in front of a caller.</summary>
internal sealed record ProviderCase(Provider Provider, ProviderEndpoint Endpoint)
{
    private static readonly ReplyContext Vendor = new() { FallbackId = "vendor1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    public static readonly Usage Counts = new() { InputTokens = 100, OutputTokens = 30 };

    /// <summary>Every endpoint of every provider that sends over the network, and that callers of other dialects are served at.</summary>
    public static IEnumerable<ProviderCase> All =>
        from provider in ProviderRegistry.All
        where provider is not InProcess
        from endpoint in provider.Endpoints
        where WireFormats.Get(endpoint.Format) is { Operation: Operation.Chat, OwnCallersOnly: false }
        select new ProviderCase(provider, endpoint);

    public static ProviderCase Of(string name) => All.Single(each => each.ToString() == name);

    public IWireFormat Format => WireFormats.Get(Endpoint.Format);

    /// <summary>A model that can do everything, which only this endpoint serves.</summary>
    public Deployment Deployment => Target.Model with
    {
        Id = $"{Provider.Name}/{Model}",
        Provider = Provider.Name,
        Model = Model,
        Maker = Endpoint.Format == "anthropic-messages" ? "anthropic" : "",

        // Several endpoints of one format are told apart by the model's name.
        WireFormat = Provider.Endpoints.Count(other => other.Format == Endpoint.Format) > 1 ? "" : Endpoint.Format,
    };

    // The kind of a Dify app is in its name.
    private string Model => Provider is Dify ? Endpoint.Path.Split('-')[0].Split('/')[0].TrimEnd('s') : "maker/model-1:v2";

    public override string ToString() => $"{Provider.Name} {Endpoint.Format} {Endpoint.Path}";

    /// <summary>Serves the provider's requests with a script.</summary>
    public FaultServer Serve(AttemptRig rig, params FaultReply[] script) => rig.Serve(Provider, Deployment, script);

    /// <summary>A caller's call in a dialect that is not the endpoint's, so that everything is translated.</summary>
    public InboundCall Call(bool streamed) => AttemptRig.Call(Endpoint.Format == "openai-chat" ? "anthropic-messages" : "openai-chat", streamed);

    /// <summary>The vendor's answer "Hello." with <see cref="Counts"/>, in its own format.</summary>
    public FaultReply Answer(bool streamed)
    {
        if (!Format.Inbound)
        {
            return Foreign(streamed);
        }

        var answer = AnswerFeature.Answer(FinishReasonKind.Stop, new TextPart("Hello.")) with { Usage = Counts };
        var output = new ArrayBufferWriter<byte>();
        if (!streamed)
        {
            Format.Responses.Write(answer, Vendor, output, []);
            return FaultReply.Json(Encoding.UTF8.GetString(output.WrittenSpan));
        }

        var encoder = Format.Streams.CreateEncoder(Vendor);
        foreach (var step in ResponseSteps.Of(answer))
        {
            encoder.Write(step, output);
        }

        return Stream(output.WrittenSpan);
    }

    /// <summary>A stream that ends in an error after its first words.</summary>
    public FaultReply BrokenBy(GatewayError error)
    {
        if (!Format.Inbound)
        {
            var begun = Stalled();
            return begun with { Pieces = [.. begun.Pieces, ForeignError(error.Message)], End = FaultEnd.Complete };
        }

        var output = Begun(out var encoder);
        encoder.WriteError(error, output);
        return Stream(output.WrittenSpan);
    }

    /// <summary>A stream whose first words come and whose rest never does.</summary>
    public FaultReply Stalled()
    {
        if (!Format.Inbound)
        {
            var whole = Foreign(streamed: true);
            return whole with { Pieces = [whole.Pieces[0][..(whole.Pieces[0].IndexOf("Hello", StringComparison.Ordinal) is var at && at > 0 ? whole.Pieces[0].IndexOf("\n\n", at, StringComparison.Ordinal) + 2 : 1)]], End = FaultEnd.Hang };
        }

        return Stream(Begun(out _).WrittenSpan) with { End = FaultEnd.Hang };
    }

    private ArrayBufferWriter<byte> Begun(out StreamEncoder encoder)
    {
        var output = new ArrayBufferWriter<byte>();
        encoder = Format.Streams.CreateEncoder(Vendor);
        encoder.Write(new StartDelta("a1", "model-1"), output);
        encoder.Write(new TextDelta(0, "Hello."), output);
        return output;
    }

    /// <summary>The vendor's error, in its own format.</summary>
    public FaultReply Refusal(int status, GatewayErrorKind kind, string message)
    {
        var body = "{}";
        var headers = new List<(string, string)>();
        if (Format.Inbound)
        {
            var error = new GatewayError(kind, message, status, RetryAfter: kind == GatewayErrorKind.RateLimited ? TimeSpan.FromSeconds(7) : null);
            var output = new ArrayBufferWriter<byte>();
            Format.Errors.Write(error, "req_1", output);
            body = Encoding.UTF8.GetString(output.WrittenSpan);
            if (Format.Errors.Header(error) is { } header)
            {
                headers.Add((header.Key, header.Value));
            }
        }

        if (kind == GatewayErrorKind.RateLimited)
        {
            headers.Add(("retry-after", "7"));
        }

        return FaultReply.Error(status, body, [.. headers]);
    }

    private FaultReply Stream(ReadOnlySpan<byte> bytes)
    {
        // Claude at Bedrock: Anthropic's events inside Amazon's frames.
        if (Provider.Quirks(Deployment, Endpoint.Format).FramedEvents)
        {
            var frames = new ArrayBufferWriter<byte>();
            foreach (var item in Encoding.UTF8.GetString(bytes).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            {
                var data = item[(item.IndexOf("data: ", StringComparison.Ordinal) + 6)..];
                Sommelier.Wire.EventStream.EventStreamWriter.WriteEvent("chunk"u8, Encoding.UTF8.GetBytes($$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(data))}}"}"""), frames);
            }

            return FaultReply.Events([Encoding.Latin1.GetString(frames.WrittenSpan)]) with { ContentType = "application/vnd.amazon.eventstream", Binary = true };
        }

        return FaultReply.Events([Encoding.Latin1.GetString(bytes)]) with { ContentType = Format.Streams.ContentType, Binary = true };
    }

    private string ForeignError(string message) => Endpoint.Format switch
    {
        "cloudflare-run" => $"data: {{\"success\":false,\"errors\":[{{\"code\":3040,\"message\":{JsonSerializer.Serialize(message)}}}]}}\n\n",
        "langgraph" => $"event: error\ndata: {{\"error\":\"RateLimitError\",\"message\":{JsonSerializer.Serialize(message)}}}\n\n",
        _ => $"data: {{\"event\":\"error\",\"status\":429,\"code\":\"too_many_requests\",\"message\":{JsonSerializer.Serialize(message)}}}\n\n",
    };

    // Formats that only providers speak have no writer of ours: replies as their servers send them.
    private FaultReply Foreign(bool streamed) => (Endpoint.Format, streamed) switch
    {
        ("cloudflare-run", false) => FaultReply.Json("""{"result":{"response":"Hello.","usage":{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130}},"success":true,"errors":[],"messages":[]}"""),
        ("cloudflare-run", true) => FaultReply.Events(["data: {\"response\":\"Hello.\"}\n\ndata: {\"response\":\"\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":30,\"total_tokens\":130}}\n\ndata: [DONE]\n\n"]),
        ("langgraph", false) => FaultReply.Json("""{"messages":[{"type":"human","content":"Say hello.","id":"h1"},{"type":"ai","content":"Hello.","id":"a1","usage_metadata":{"input_tokens":100,"output_tokens":30,"total_tokens":130}}]}"""),
        ("langgraph", true) => FaultReply.Events([
            "event: messages\ndata: [{\"type\":\"AIMessageChunk\",\"content\":\"Hello.\",\"id\":\"a1\"},{}]\n\n"
            + "event: values\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"Say hello.\",\"id\":\"h1\"},{\"type\":\"ai\",\"content\":\"Hello.\",\"id\":\"a1\",\"usage_metadata\":{\"input_tokens\":100,\"output_tokens\":30,\"total_tokens\":130}}]}\n\n"
            + "event: end\ndata: null\n\n"]),
        _ when Endpoint.Path.StartsWith("workflow", StringComparison.Ordinal) => streamed
            ? FaultReply.Events(["data: {\"event\":\"text_chunk\",\"workflow_run_id\":\"w\",\"data\":{\"text\":\"Hello.\"}}\n\ndata: {\"event\":\"workflow_finished\",\"workflow_run_id\":\"w\",\"data\":{\"status\":\"succeeded\",\"outputs\":{\"text\":\"Hello.\"},\"total_tokens\":130}}\n\n"])
            : FaultReply.Json("""{"workflow_run_id":"w","task_id":"t","data":{"status":"succeeded","outputs":{"text":"Hello."},"total_tokens":130}}"""),
        _ when streamed || Endpoint.Path.StartsWith("chat", StringComparison.Ordinal) => FaultReply.Events(["data: {\"event\":\"message\",\"message_id\":\"m\",\"answer\":\"Hello.\"}\n\ndata: {\"event\":\"message_end\",\"message_id\":\"m\",\"metadata\":{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":30,\"total_tokens\":130}}}\n\n"]),
        _ => FaultReply.Json("""{"message_id":"m","answer":"Hello.","metadata":{"usage":{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130}}}"""),
    };
}
