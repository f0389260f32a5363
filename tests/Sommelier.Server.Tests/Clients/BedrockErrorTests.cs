using System.Text;
using Sommelier.TestKit;

namespace Sommelier.Server.Tests.Clients;

/// <summary>The official Bedrock client before a provider that fails: the error has the same name directly and through the gateway.</summary>
public sealed class BedrockErrorTests
{
    // Frames as the official codec writes them, measured with an AWS SDK.
    private const string MessageStart = "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22726f6c65223a22617373697374616e74227d6fa8c599";
    private const string Hi = "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944657";
    private const string Throttling = "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a22546f6f206d616e79207265717565737473227de67f8005";

    [Fact]
    public async Task Throttling_inside_a_stream_is_throttling_after_what_was_said()
    {
        var reply = FaultReply.Events(new[] { MessageStart, Hi, Throttling }.Select(frame => Encoding.Latin1.GetString(Convert.FromHexString(frame)))) with
        {
            ContentType = "application/vnd.amazon.eventstream",
            Binary = true,
        };

        var seen = Assert.Single(await RunAsync(reply, "inside")).GetProperty("actual");

        Assert.Equal("ThrottlingException", seen.GetProperty("name").GetString());
        Assert.Equal("Hi", seen.GetProperty("said").GetString());
    }

    [Theory]
    [InlineData(429, "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/", "Too many requests, please wait before trying again.", "ThrottlingException")]
    [InlineData(400, "ValidationException", "The value at messages.0.content is empty.", "ValidationException")]
    public async Task An_error_before_the_answer_has_its_name(int status, string type, string message, string name)
    {
        var lines = await RunAsync(FaultReply.Error(status, $$"""{"message":"{{message}}"}""", ("x-amzn-ErrorType", type)), "before");

        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Equal(name, line.GetProperty("actual").GetProperty("name").GetString()));
    }

    private static async Task<IReadOnlyList<System.Text.Json.JsonElement>> RunAsync(FaultReply reply, string where)
    {
        Node.Need("@aws-sdk");
        await using var provider = new FaultServer(reply);
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(provider.Address.ToString().TrimEnd('/')));
        return await Comparison.RunAsync("bedrock-errors.mjs", gateway.Url, provider.Address.ToString(), where);
    }
}
