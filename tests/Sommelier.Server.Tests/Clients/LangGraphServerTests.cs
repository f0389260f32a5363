using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace Sommelier.Server.Tests.Clients;

/// <summary>The official OpenAI client through the gateway to LangChain's own agent server: no reply here was written by us.</summary>
public sealed class LangGraphServerTests(LangGraphDouble server) : IClassFixture<LangGraphDouble>
{
    public static TheoryData<string, string> Answers => new()
    {
        { "waiter", "You said: Be brief. / Greet me" },
        { "sign", "We are open." },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_graph_answers_whole(string graph, string expected)
    {
        await using var gateway = await StartAsync();

        var reply = (await Client(gateway, graph).CompleteChatAsync(Messages("Greet me"))).Value;

        Assert.Equal((expected, ChatFinishReason.Stop), (reply.Content[0].Text, reply.FinishReason));
        if (graph == "waiter")
        {
            Assert.Equal(("waiter-1", 21, 13, 5), (reply.Model, reply.Usage.InputTokenCount, reply.Usage.OutputTokenCount, reply.Usage.InputTokenDetails.CachedTokenCount));
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_graph_answers_in_a_stream(string graph, string expected)
    {
        await using var gateway = await StartAsync();
        var pieces = new List<string>();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;

        await foreach (var update in Client(gateway, graph).CompleteChatStreamingAsync(Messages("Greet me")))
        {
            pieces.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.Equal((expected, ChatFinishReason.Stop), (string.Concat(pieces), finish));
        if (graph == "waiter")
        {
            Assert.True(pieces.Count > 2, "It came in one piece.");
            Assert.Equal((21, 13), (usage!.InputTokenCount, usage.OutputTokenCount));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thread_that_the_caller_names_holds_the_conversation(bool streamed)
    {
        await using var gateway = await StartAsync();
        var client = Client(gateway, "waiter");
        var options = new ChatCompletionOptions { Metadata = { ["thread_id"] = Guid.NewGuid().ToString() } };
        var messages = Messages("Greet me");

        Assert.Equal("You said: Be brief. / Greet me", await AskAsync(messages));

        // The server adds what it is sent to what it holds: nothing is heard twice.
        messages.Add(new AssistantChatMessage("You said: Be brief. / Greet me"));
        messages.Add(new UserChatMessage("Again"));
        Assert.Equal("You said: Be brief. / Greet me / You said: Be brief. / Greet me / Again", await AskAsync(messages));

        async Task<string> AskAsync(List<ChatMessage> asked)
        {
            if (!streamed)
            {
                return (await client.CompleteChatAsync(asked, options)).Value.Content[0].Text;
            }

            var text = "";
            await foreach (var update in client.CompleteChatStreamingAsync(asked, options))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            }

            return text;
        }
    }

    [Fact]
    public async Task Calls_that_the_graph_leaves_to_the_caller_come_back_with_their_results()
    {
        await using var gateway = await StartAsync();
        var client = Client(gateway, "waiter");
        var messages = Messages("How is the weather?");

        var first = (await client.CompleteChatAsync(messages)).Value;

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal(("call_1", "weather", """{"city":"Lyon"}"""), (first.ToolCalls[0].Id, first.ToolCalls[0].FunctionName, first.ToolCalls[0].FunctionArguments.ToString().Replace(" ", "", StringComparison.Ordinal)));

        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage("call_1", "9 degrees"));
        Assert.Equal("You said: Be brief. / How is the weather? / Let me look. / 9 degrees", (await client.CompleteChatAsync(messages)).Value.Content[0].Text);
    }

    [Fact]
    public async Task Calls_that_the_graph_runs_itself_stay_with_it()
    {
        await using var gateway = await StartAsync();
        var client = Client(gateway, "kitchen");

        var whole = (await client.CompleteChatAsync(Messages("How is the weather?"))).Value;
        Assert.Equal("You said: Be brief. / How is the weather? / Let me look. / 17 degrees", whole.Content[0].Text);
        Assert.Empty(whole.ToolCalls);
        Assert.Equal((ChatFinishReason.Stop, 42, 26), (whole.FinishReason, whole.Usage.InputTokenCount, whole.Usage.OutputTokenCount));

        var text = "";
        var tokens = 0;
        await foreach (var update in client.CompleteChatStreamingAsync(Messages("How is the weather?")))
        {
            Assert.Empty(update.ToolCallUpdates);
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            tokens = update.Usage?.OutputTokenCount ?? tokens;
        }

        Assert.Equal("Let me look.\n\nYou said: Be brief. / How is the weather? / Let me look. / 17 degrees", text);
        Assert.Equal(26, tokens);
    }

    [Theory]
    [InlineData("waiter", "Please fail", false, 503)]
    [InlineData("waiter", "Please fail", true, 503)]
    [InlineData("nobody", "Greet me", false, 502)]
    [InlineData("nobody", "Greet me", true, 502)]
    public async Task A_graph_that_fails_and_one_that_is_not_there_are_errors(string graph, string question, bool streamed, int status)
    {
        await using var gateway = await StartAsync();
        var client = Client(gateway, graph);

        var error = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            if (!streamed)
            {
                await client.CompleteChatAsync(Messages(question));
            }

            await foreach (var _ in client.CompleteChatStreamingAsync(Messages(question)))
            {
                Assert.Fail("Something was said.");
            }
        });

        Assert.Equal(status, error.Status);
    }

    private Task<RunningGateway> StartAsync() => RunningGateway.StartAsync(
        $$"""
        discover: false
        providers:
          langgraph: { base_url: "{{server.Url}}", models: [{ id: waiter }, { id: kitchen }, { id: sign }, { id: nobody }] }
        """);

    private static List<ChatMessage> Messages(string question) => [new SystemChatMessage("Be brief."), new UserChatMessage(question)];

    private static ChatClient Client(RunningGateway gateway, string graph) =>
        new($"langgraph/{graph}", new ApiKeyCredential("sk-test"), new OpenAIClientOptions { Endpoint = new Uri(gateway.Url + "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(maxRetries: 0) });
}
