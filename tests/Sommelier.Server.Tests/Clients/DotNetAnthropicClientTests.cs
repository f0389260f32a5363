using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Sommelier.Server.Tests.Clients;

/// <summary>The official Anthropic client for .NET, through the gateway to both kinds of provider.</summary>
public sealed class DotNetAnthropicClientTests(ProviderDouble providers) : IClassFixture<ProviderDouble>
{
    private const string Greeting = "Hello there, and welcome to the cellar.";

    public static TheoryData<string> Models => ["anthropic/claude-opus-5-5", "openai/gpt-6-luna", "auto"];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Whole_answer(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        using var client = Client(gateway);

        var reply = await client.Messages.Create(Request(model, [User("Greet me")]));

        Assert.True(reply.Content[0].TryPickText(out var text));
        Assert.Equal(Greeting, text.Text);
        Assert.Equal("end_turn", reply.StopReason?.Raw());
        Assert.Equal((21, 13), (reply.Usage.InputTokens, reply.Usage.OutputTokens));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Streamed_answer(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        using var client = Client(gateway);
        var said = "";
        string? stop = null;
        var ended = false;

        await foreach (var step in client.Messages.CreateStreaming(Request(model, [User("Greet me")])))
        {
            said += step.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var text) ? text.Text : "";
            stop = step.TryPickDelta(out var delta) ? delta.Delta.StopReason?.Raw() : stop;
            ended |= step.TryPickStop(out _);
        }

        Assert.Equal(Greeting, said);
        Assert.Equal("end_turn", stop);
        Assert.True(ended);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Two_parallel_tool_calls_and_their_results(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        using var client = Client(gateway);
        List<MessageParam> messages = [User("Weather in Seoul and Lyon?")];

        var first = await client.Messages.Create(Request(model, messages) with { Tools = [Weather()] });

        Assert.Equal("tool_use", first.StopReason?.Raw());
        var calls = first.Content.Select(block => block.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>().ToList();
        Assert.Equal(["Seoul", "Lyon"], calls.Select(call => call.Input["city"].GetString()));

        messages.Add(new AssistantMessageParam(calls.Select(call => (ContentBlockParam)new ToolUseBlockParam { ID = call.ID, Name = call.Name, Input = call.Input }).ToList()));
        messages.Add(new UserMessageParam(calls.Select((call, at) => (ContentBlockParam)new ToolResultBlockParam { ToolUseID = call.ID, Content = at == 0 ? "3" : "9" }).ToList()));
        var second = await client.Messages.Create(Request(model, messages) with { Tools = [Weather()] });

        Assert.True(second.Content[0].TryPickText(out var text));
        Assert.Equal("Seoul has 3 degrees, Lyon has 9.", text.Text);
    }

    [Fact]
    public async Task Error_is_one_that_the_client_understands()
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        using var client = Client(gateway);

        var failure = await Assert.ThrowsAsync<AnthropicNotFoundException>(() => client.Messages.Create(Request("anthropic/no-such-model", [User("Greet me")])));

        Assert.Contains("no-such-model", failure.Message, StringComparison.Ordinal);
    }

    private static AnthropicClient Client(RunningGateway gateway) => new() { BaseUrl = gateway.Url, ApiKey = "sk-test", MaxRetries = 0 };

    private static MessageCreateParams Request(string model, List<MessageParam> messages) => new() { Model = model, MaxTokens = 256, Messages = messages };

    private static MessageParam User(string text) => new UserMessageParam(text);

    private static ToolUnion Weather() => new Tool
    {
        Name = "get_weather",
        Description = "Weather of a city",
        InputSchema = new()
        {
            Properties = new Dictionary<string, JsonElement> { ["city"] = JsonElement.Parse("""{"type":"string"}"""), ["unit"] = JsonElement.Parse("""{"type":"string","enum":["C","F"]}""") },
            Required = ["city"],
        },
    };
}
