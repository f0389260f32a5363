using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using Sommelier.Embedding;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Clients;

/// <summary>
/// The official OpenAI client as an <see cref="IChatClient"/> on both sides of a gateway in this process: it asks the gateway,
/// and it answers for the gateway. Only its far end is a server.
/// </summary>
public sealed class ChatClientUpstreamTests
{
    private static readonly ApiKeyCredential Key = new("sk-test");

    [Fact]
    public async Task The_official_client_answers_for_the_gateway_whole_and_streamed()
    {
        await using var vendor = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false), ScriptedAnswer.OpenAI.Reply(streamed: true));
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(vendor, folder);
        using var caller = Caller(gateway);

        var whole = await caller.GetResponseAsync("Say hello.", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((ScriptedAnswer.Text, ChatFinishReason.Stop, "vendor-model"), (whole.Text, whole.FinishReason, whole.ModelId));
        Assert.Equal((ScriptedAnswer.InputTokens, ScriptedAnswer.OutputTokens), (whole.Usage!.InputTokenCount, whole.Usage.OutputTokenCount));

        var streamed = await caller.GetStreamingResponseAsync("Say hello.", cancellationToken: TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken);
        Assert.Equal((ScriptedAnswer.Text, ChatFinishReason.Stop, "vendor-model"), (streamed.Text, streamed.FinishReason, streamed.ModelId));
        Assert.Equal((ScriptedAnswer.InputTokens, ScriptedAnswer.OutputTokens), (streamed.Usage!.InputTokenCount, streamed.Usage.OutputTokenCount));
        Assert.All(vendor.Requests, request => Assert.Contains("\"gpt-test\"", request.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tools_go_there_and_calls_come_back()
    {
        await using var vendor = new FaultServer(FaultReply.Json(
            """{"id":"chatcmpl-1","object":"chat.completion","created":1780000000,"model":"vendor-model","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Lyon\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}"""));
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(vendor, folder);
        using var caller = Caller(gateway);

        var answer = await caller.GetResponseAsync(
            "What is the weather in Lyon?",
            new() { Tools = [AIFunctionFactory.Create((string city) => city, "weather", "Tells the weather")] },
            TestContext.Current.CancellationToken);

        var call = Assert.Single(answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal(("c1", "weather", "Lyon"), (call.CallId, call.Name, call.Arguments!["city"]?.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Contains("Tells the weather", vendor.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, 429)]
    [InlineData(400, 400)]
    public async Task The_status_that_the_client_met_is_the_status_that_the_caller_meets(int status, int expected)
    {
        await using var vendor = new FaultServer(FaultReply.Error(status, ScriptedAnswer.OpenAI.ErrorBody));
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(vendor, folder);
        using var caller = Caller(gateway);

        var error = await Assert.ThrowsAsync<ClientResultException>(() => caller.GetResponseAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(expected, error.Status);
    }

    private static Task<EmbeddedGateway> StartAsync(FaultServer vendor, TemporaryFolder folder) => EmbeddedGateway.StartAsync(
        new()
        {
            Configuration = "discover: false\nresilience: { max_attempts: 1 }",
            DataFolder = folder.Path,
            Environment = _ => null,
            ChatClients = new Dictionary<string, IChatClient>
            {
                ["openai"] = new OpenAIClient(Key, new OpenAIClientOptions { Endpoint = new(vendor.Address, "v1"), RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient("gpt-test").AsIChatClient(),
            },
        },
        TestContext.Current.CancellationToken);

    private static IChatClient Caller(EmbeddedGateway gateway)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = new("http://sommelier/v1"),
            RetryPolicy = new ClientRetryPolicy(0),
            Transport = new HttpClientPipelineTransport(new HttpClient(gateway.CreateHandler())),
        };
        return new OpenAIClient(Key, options).GetChatClient("in-process/openai").AsIChatClient();
    }
}
