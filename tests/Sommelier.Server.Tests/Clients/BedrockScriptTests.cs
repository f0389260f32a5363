using System.Buffers;
using System.Text;
using Sommelier.Wire.EventStream;

namespace Sommelier.Server.Tests.Clients;

/// <summary>Before a scripted Bedrock: what the double cannot play, errors above all, as the official client sees them.</summary>
public sealed class BedrockScriptTests
{
    // Frames as the official codec writes them, measured with an AWS SDK.
    private const string MessageStart = "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22726f6c65223a22617373697374616e74227d6fa8c599";
    private const string Hi = "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944657";
    private const string Throttling = "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a22546f6f206d616e79207265717565737473227de67f8005";

    [Fact]
    public async Task An_error_inside_a_stream_is_an_error_after_what_was_said()
    {
        Node.Need("@aws-sdk");
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reply = FaultReply.Events(new[] { MessageStart, Hi, Throttling }.Select(frame => Encoding.Latin1.GetString(Convert.FromHexString(frame)))) with
        {
            ContentType = "application/vnd.amazon.eventstream",
            Binary = true,
        };
        await using var provider = new FaultServer(reply, reply with { GateBefore = 2, Gate = told.Task });
        await using var gateway = await RunningGateway.StartAsync(Configurations.Bedrock(provider.Address.ToString().TrimEnd('/')));

        // The second request is the gateway's: the error waits until what was said before is surely on its way.
        var running = Comparison.LinesAsync("bedrock-errors.mjs", gateway.Url, provider.Address.ToString(), "inside the stream");
        await provider.RequestAsync(1);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        told.SetResult();
        var line = Assert.Single(await running);

        Assert.Equal("ThrottlingException", line.GetProperty("expected").GetProperty("name").GetString());
        var seen = line.GetProperty("actual");
        Assert.Equal("ThrottlingException", seen.GetProperty("name").GetString());
        Assert.Equal("Hi", seen.GetProperty("said").GetString());
    }

    [Theory]
    [InlineData(429, "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/", "Too many requests, please wait before trying again.", "whole")]
    [InlineData(429, "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/", "Too many requests, please wait before trying again.", "streamed")]
    [InlineData(400, "ValidationException", "The value at messages.0.content is empty.", "whole")]
    [InlineData(400, "ValidationException", "The value at messages.0.content is empty.", "streamed")]
    public async Task An_error_before_the_answer_has_its_own_name(int status, string type, string message, string wanted)
    {
        Node.Need("@aws-sdk");
        await using var provider = new FaultServer(FaultReply.Error(status, $$"""{"message":"{{message}}"}""", ("x-amzn-ErrorType", type)));
        await using var gateway = await RunningGateway.StartAsync(Configurations.Bedrock(provider.Address.ToString().TrimEnd('/')));

        var line = Assert.Single(await Comparison.RunAsync("bedrock-errors.mjs", gateway.Url, provider.Address.ToString(), wanted));

        Assert.Equal(type.Split(':')[0], line.GetProperty("actual").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Claude_by_InvokeModel_streams_Anthropics_own_events()
    {
        var events = ScriptedAnswer.Anthropic.StreamEvents.Select(text => text[(text.IndexOf("data: ", StringComparison.Ordinal) + 6)..].TrimEnd());
        await using var provider = new FaultServer(FaultReply.Events(events.Select(Chunk)) with { ContentType = "application/vnd.amazon.eventstream", Binary = true });
        await using var gateway = await RunningGateway.StartAsync(Configurations.Bedrock(provider.Address.ToString().TrimEnd('/')));

        using var reply = await Ask.ChatAsync(gateway, "anthropic", streamed: true, model: "bedrock/anthropic.claude-opus-5-5-v1:0");
        var text = await reply.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", reply.Content.Headers.ContentType?.MediaType);
        Assert.Equal(ScriptedAnswer.Anthropic.StreamEvents.Count, text.Split("event: ").Length - 1);
        Assert.Contains("\"text\":\" world\"", text, StringComparison.Ordinal);
        var request = Assert.Single(provider.Requests);
        Assert.Equal("/model/anthropic.claude-opus-5-5-v1%3A0/invoke-with-response-stream", request.Path);
        Assert.Equal("Bearer sk-upstream-bedrock", request.Headers["Authorization"]);
        Assert.Contains("\"anthropic_version\":\"bedrock-2023-05-31\"", request.Body, StringComparison.Ordinal);
    }

    private static string Chunk(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        var bytes = Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
        EventStreamWriter.WriteEvent("chunk"u8, Encoding.UTF8.GetBytes($$"""{"bytes":"{{bytes}}"}"""), output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
