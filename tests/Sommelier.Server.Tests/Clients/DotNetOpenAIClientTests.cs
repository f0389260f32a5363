using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace Sommelier.Server.Tests.Clients;

/// <summary>The official OpenAI client for .NET, through the gateway to both kinds of provider.</summary>
public sealed class DotNetOpenAIClientTests(ProviderDouble providers) : IClassFixture<ProviderDouble>
{
    private static readonly BinaryData WeatherSchema = BinaryData.FromString(
        """{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["C","F"]}},"required":["city"],"additionalProperties":false}""");

    public static TheoryData<string> Models => ["openai/gpt-6-luna", "anthropic/claude-opus-5-5", "auto"];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Whole_answer(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));

        var reply = (await Client(gateway, model).CompleteChatAsync(new UserChatMessage("Greet me"))).Value;

        Assert.Equal("Hello there, and welcome to the cellar.", reply.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
        Assert.Equal((21, 13), (reply.Usage.InputTokenCount, reply.Usage.OutputTokenCount));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Streamed_answer(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        var text = "";
        ChatFinishReason? finish = null;
        var tokens = 0;

        await foreach (var update in Client(gateway, model).CompleteChatStreamingAsync(new UserChatMessage("Greet me")))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
            tokens = update.Usage?.OutputTokenCount ?? tokens;
        }

        Assert.Equal("Hello there, and welcome to the cellar.", text);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(13, tokens);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Two_parallel_tool_calls_and_their_results(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        var client = Client(gateway, model);
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("get_weather", "Weather of a city", WeatherSchema) } };
        List<ChatMessage> messages = [new SystemChatMessage("Be brief."), new UserChatMessage("Weather in Seoul and Lyon?")];

        var first = (await client.CompleteChatAsync(messages, options)).Value;

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal(["get_weather", "get_weather"], first.ToolCalls.Select(call => call.FunctionName));
        Assert.Equal("""{"city":"Seoul"}""", first.ToolCalls[0].FunctionArguments.ToString().Replace(" ", "", StringComparison.Ordinal));

        messages.Add(new AssistantChatMessage(first));
        messages.AddRange(first.ToolCalls.Select((call, index) => new ToolChatMessage(call.Id, index == 0 ? "3" : "9")));
        var second = (await client.CompleteChatAsync(messages, options)).Value;

        Assert.Equal("Seoul has 3 degrees, Lyon has 9.", second.Content[0].Text);
    }

    [Fact]
    public async Task Error_is_one_that_the_client_understands()
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));

        var failure = await Assert.ThrowsAsync<ClientResultException>(() => Client(gateway, "openai/no-such-model").CompleteChatAsync(new UserChatMessage("Greet me")));

        Assert.Equal(404, failure.Status);
        Assert.Contains("no-such-model", failure.Message, StringComparison.Ordinal);
    }

    private static ChatClient Client(RunningGateway gateway, string model) =>
        new(model, new ApiKeyCredential("sk-test"), new OpenAIClientOptions { Endpoint = new Uri(gateway.Url + "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(maxRetries: 0) });
}
