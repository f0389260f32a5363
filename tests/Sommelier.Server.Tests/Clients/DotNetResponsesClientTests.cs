using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;

// The client calls its own responses API a preview.
#pragma warning disable OPENAI001

namespace Sommelier.Server.Tests.Clients;

/// <summary>The responses API of the official OpenAI client for .NET, through the gateway to three kinds of provider.</summary>
public sealed class DotNetResponsesClientTests(ProviderDouble providers) : IClassFixture<ProviderDouble>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly BinaryData WeatherSchema = BinaryData.FromString(
        """{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["C","F"]}},"required":["city"],"additionalProperties":false}""");

    public static TheoryData<string> Models => ["openai/gpt-6-luna", "chat/gpt-6-luna", "anthropic/claude-opus-5-5", "auto"];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Whole_answer(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));

        var reply = (await Client(gateway).CreateResponseAsync(model, "Greet me", cancellationToken: Cancel)).Value;

        Assert.Equal("Hello there, and welcome to the cellar.", reply.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, reply.Status);
        Assert.Equal((21, 13), (reply.Usage.InputTokenCount, reply.Usage.OutputTokenCount));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Streamed_answer(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        var said = "";
        ResponseResult? end = null;

        await using var stream = await Client(gateway).CreateResponseStreamingAsync(model, "Greet me", cancellationToken: Cancel);
        await foreach (var update in stream)
        {
            said += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            end = (update as StreamingResponseCompletedUpdate)?.Response ?? end;
        }

        Assert.Equal("Hello there, and welcome to the cellar.", said);
        Assert.Equal(said, end?.GetOutputText());
        Assert.Equal(13, end?.Usage.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Two_parallel_tool_calls_and_their_results(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        var client = Client(gateway);
        var options = new CreateResponseOptions(model, [ResponseItem.CreateDeveloperMessageItem("Be brief."), ResponseItem.CreateUserMessageItem("Weather in Seoul and Lyon?")])
        {
            Tools = { ResponseTool.CreateFunctionTool("get_weather", WeatherSchema, strictModeEnabled: false, "Weather of a city") },
            StoredOutputEnabled = false,
        };

        var first = (await client.CreateResponseAsync(options, Cancel)).Value;
        var calls = first.OutputItems.OfType<FunctionCallResponseItem>().ToList();

        Assert.Equal(["get_weather", "get_weather"], calls.Select(call => call.FunctionName));
        Assert.Equal("""{"city":"Seoul"}""", calls[0].FunctionArguments.ToString().Replace(" ", "", StringComparison.Ordinal));

        foreach (var item in first.OutputItems)
        {
            options.InputItems.Add(item);
        }

        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(calls[0].CallId, "3"));
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(calls[1].CallId, "9"));
        var second = (await client.CreateResponseAsync(options, Cancel)).Value;

        Assert.Equal("Seoul has 3 degrees, Lyon has 9.", second.GetOutputText());
    }

    [Fact]
    public async Task An_answer_that_was_kept_can_be_read_and_deleted()
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));
        var client = Client(gateway);

        var made = (await client.CreateResponseAsync("anthropic/claude-opus-5-5", "Greet me", cancellationToken: Cancel)).Value;
        var kept = (await client.GetResponseAsync(made.Id, Cancel)).Value;
        var gone = (await client.DeleteResponseAsync(made.Id, Cancel)).Value;

        Assert.Equal(made.GetOutputText(), kept.GetOutputText());
        Assert.True(gone.Deleted);
        var missing = await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync(made.Id, Cancel));
        Assert.Equal(404, missing.Status);
    }

    [Fact]
    public async Task Error_is_one_that_the_client_understands()
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.Double(providers.Url));

        var failure = await Assert.ThrowsAsync<ClientResultException>(() => Client(gateway).CreateResponseAsync("openai/no-such-model", "Greet me", cancellationToken: Cancel));

        Assert.Equal(404, failure.Status);
        Assert.Contains("no-such-model", failure.Message, StringComparison.Ordinal);
    }

    private static ResponsesClient Client(RunningGateway gateway) =>
        new(new ApiKeyCredential("sk-test"), new ResponsesClientOptions { Endpoint = new Uri(gateway.Url + "/v1"), RetryPolicy = new ClientRetryPolicy(0) });
}
