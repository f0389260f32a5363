using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Each dialect has statuses and words of its own for a vendor that is overloaded, too slow, or handed too much.</summary>
public sealed class VendorStatusTests
{
    private const string Overloaded = """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""";
    private const string TimedOut = """{"type":"error","error":{"type":"timeout_error","message":"slow"}}""";
    private const string TooLarge = """{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""";
    private const string Busy = """{"type":"error","error":{"type":"api_error","message":"Internal server error"}}""";

    [Theory]
    [InlineData(529, Overloaded, "anthropic-messages", 529, "overloaded_error")]
    [InlineData(529, Overloaded, "openai-chat", 503, "server_is_overloaded")]
    [InlineData(529, Overloaded, "openai-responses", 503, "server_is_overloaded")]
    [InlineData(529, Overloaded, "gemini", 503, "UNAVAILABLE")]
    [InlineData(529, Overloaded, "bedrock-converse", 503, "ServiceUnavailableException")]
    [InlineData(529, Overloaded, "ollama", 503, "overloaded")]
    [InlineData(503, """{"type":"error","error":{"type":"api_error","message":"The model is overloaded. Please try again later."}}""", "anthropic-messages", 529, "overloaded_error")]
    [InlineData(200, Overloaded, "anthropic-messages", 529, "overloaded_error")]
    [InlineData(500, Busy, "anthropic-messages", 503, "api_error")]
    [InlineData(503, Busy, "anthropic-messages", 503, "api_error")]
    [InlineData(504, TimedOut, "anthropic-messages", 504, "timeout_error")]
    [InlineData(504, TimedOut, "openai-chat", 504, "upstream_timeout")]
    [InlineData(504, TimedOut, "gemini", 504, "DEADLINE_EXCEEDED")]
    [InlineData(504, TimedOut, "bedrock-converse", 408, "ModelTimeoutException")]
    [InlineData(504, "<html></html>", "anthropic-messages", 504, "timeout_error")]
    [InlineData(413, TooLarge, "anthropic-messages", 413, "request_too_large")]
    [InlineData(413, TooLarge, "openai-chat", 413, "request_too_large")]
    [InlineData(413, TooLarge, "gemini", 413, "INVALID_ARGUMENT")]
    [InlineData(413, TooLarge, "bedrock-converse", 400, "ValidationException")]
    public async Task A_caller_gets_its_own_vendors(int upstream, string body, string caller, int status, string word)
    {
        await using var rig = new AttemptRig();
        rig.Limits = rig.Limits with { MaxAttempts = 1 };
        rig.Add("anthropic-messages", upstream == 200 ? FaultReply.Json(body) : FaultReply.Error(upstream, body));

        var error = (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: false))).Error!;

        var errors = WireFormats.Get(caller).Errors;
        var output = new ArrayBufferWriter<byte>();
        errors.Write(error, "r", output);
        Assert.Equal(status, errors.Status(error));
        Assert.Contains(word, Encoding.UTF8.GetString(output.WrittenSpan) + errors.Header(error)?.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_who_is_overloaded_among_others_who_are_down_is_no_overload()
    {
        await using var rig = new AttemptRig();
        rig.Limits = rig.Limits with { MaxAttempts = 2 };
        rig.Add("anthropic-messages", FaultReply.Error(529, Overloaded));
        rig.Add("anthropic-messages", FaultReply.Error(500, Busy));

        Assert.Equal(GatewayErrorKind.UpstreamUnavailable, (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: false))).Error!.Kind);
    }

    [Fact]
    public async Task A_request_that_is_too_large_for_an_accounts_minute_is_another_accounts()
    {
        const string limit = """{"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 7000, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}""";
        await using var rig = new AttemptRig();
        var small = rig.Add("openai-chat", FaultReply.Error(413, limit), FaultReply.Error(413, limit));
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: false));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        DialectAsserts.IsWhole("openai-chat", streamed: false, received.Text);
        Assert.Single(small.Requests);
        Assert.Equal(0, rig.Health.Snapshot(rig.Time.GetUtcNow()).Get(rig.Plan[0].Id).ErrorRate);

        await using var alone = new AttemptRig();
        var only = alone.Add("openai-chat", FaultReply.Error(413, limit));
        var error = (await alone.RunAsync(AttemptRig.Call("openai-chat", streamed: false))).Error!;
        Assert.Contains("Limit 6000", error.Message, StringComparison.Ordinal);
        Assert.Single(only.Requests);
    }
}
