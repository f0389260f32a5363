using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Anthropic;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OpenAI;
using OpenAI.Responses;

// The client calls its own responses API a preview.
#pragma warning disable OPENAI001

namespace Sommelier.Server.Tests.Clients;

/// <summary>
/// Microsoft.Extensions.AI's <see cref="IChatClient"/> over the official .NET clients of four dialects, through the gateway to
/// every kind of provider that the double plays: each is told the same.
/// </summary>
public sealed class DotNetChatClientTests(ProviderDouble providers) : IClassFixture<ProviderDouble>
{
    private const string Greeting = "Hello there, and welcome to the cellar.";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var client in (string[])["openai chat", "openai responses", "anthropic", "ollama"])
            {
                foreach (var model in (string[])["openai/gpt-6-luna", "chat/gpt-6-luna", "anthropic/claude-opus-5-5", "gemini/gemini-3-flash-preview", "bedrock/amazon.nova-2-lite-v1:0", "ollama/llama"])
                {
                    pairs.Add(client, model);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Answers_whole_and_streamed_and_tools_that_are_called(string name, string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.EveryDouble(providers.Url));
        using var client = Client(name, gateway, model);

        foreach (var streams in Ways(name))
        {
            var greeted = await AskAsync(client, [new(ChatRole.User, "Greet me")], new(), streams);

            // The adapter of the responses API gives a reason only for what is incomplete; the double counts no tokens as Ollama.
            Assert.Equal((Greeting, name is "openai responses" ? default(ChatFinishReason?) : ChatFinishReason.Stop), (greeted.Text, greeted.FinishReason));
            (long?, long?) counts = (name, model) is ("ollama", "ollama/llama") ? (0, 0) : (21, 13);
            Assert.Equal(counts, (greeted.Usage?.InputTokenCount, greeted.Usage?.OutputTokenCount));
            await CallToolsAsync(client, streams);
        }
    }

    // The adapter of the responses API is built for OpenAI 2.14; its way of streaming is gone from 2.15, which is used here.
    private static bool[] Ways(string client) => client is "openai responses" ? [false] : [false, true];

    [Theory]
    [InlineData("openai chat")]
    [InlineData("openai responses")]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task An_error_is_one_that_the_client_understands(string name)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.EveryDouble(providers.Url));
        using var client = Client(name, gateway, "openai/no-such-model");

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync("Greet me", cancellationToken: Cancel));

        if (failure is HttpRequestException bare)
        {
            // Ollama's client tells the status alone.
            Assert.Equal(404, (int?)bare.StatusCode);
            return;
        }

        Assert.Contains("no-such-model", failure.Message, StringComparison.Ordinal);
    }

    private static async Task CallToolsAsync(IChatClient client, bool streams)
    {
        var options = new ChatOptions { Tools = [new Weather()] };
        List<ChatMessage> messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Weather in Seoul and Lyon?")];

        var first = await AskAsync(client, messages, options, streams);
        var calls = first.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();

        Assert.Equal(["get_weather", "get_weather"], calls.Select(call => call.Name));
        Assert.Equal(["Seoul", "Lyon"], calls.Select(call => call.Arguments!["city"]?.ToString()));
        Assert.Equal("C", calls[1].Arguments!["unit"]?.ToString());
        Assert.NotEqual(calls[0].CallId, calls[1].CallId);

        messages.AddRange(first.Messages);
        messages.Add(new(ChatRole.Tool, [new FunctionResultContent(calls[0].CallId, "3"), new FunctionResultContent(calls[1].CallId, "9")]));
        var second = await AskAsync(client, messages, options, streams);

        Assert.Equal("Seoul has 3 degrees, Lyon has 9.", second.Text);
    }

    private static Task<ChatResponse> AskAsync(IChatClient client, List<ChatMessage> messages, ChatOptions options, bool streams) => streams
        ? client.GetStreamingResponseAsync(messages, options, Cancel).ToChatResponseAsync(Cancel)
        : client.GetResponseAsync(messages, options, Cancel);

    private static IChatClient Client(string name, RunningGateway gateway, string model)
    {
        var key = new ApiKeyCredential("sk-test");
        var endpoint = new Uri(gateway.Url + "/v1");
        switch (name)
        {
            case "openai chat":
                return new OpenAIClient(key, new OpenAIClientOptions { Endpoint = endpoint, RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient(model).AsIChatClient();
            case "openai responses":
                return new ResponsesClient(key, new ResponsesClientOptions { Endpoint = endpoint, RetryPolicy = new ClientRetryPolicy(0) }).AsIChatClient(model);
            case "anthropic":
                return new AnthropicClient { BaseUrl = gateway.Url, ApiKey = "sk-test", MaxRetries = 0 }.AsIChatClient(model, 400);
            default:
                return new OllamaApiClient(gateway.Url, model);
        }
    }

    /// <summary>The tool that the double knows, described but run by hand.</summary>
    private sealed class Weather : AIFunctionDeclaration
    {
        public override string Name => "get_weather";

        public override string Description => "Weather of a city";

        public override JsonElement JsonSchema { get; } = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["C","F"]}},"required":["city"]}""");
    }
}
