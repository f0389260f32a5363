using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace Sommelier.Server.Tests.Clients;

/// <summary>OllamaSharp, the .NET client that Microsoft points to, through the gateway: what it asks for beside chats, and its own way of chatting.</summary>
public sealed class DotNetOllamaClientTests(ProviderDouble providers) : IClassFixture<ProviderDouble>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_is_there_and_lists_its_models()
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.EveryDouble(providers.Url));
        using var client = new OllamaApiClient(gateway.Url, "ollama/llama");

        Assert.True(await client.IsRunningAsync(Cancel));
        Assert.Equal(3, (await client.GetVersionAsync(Cancel)).Split('.').Length);
        Assert.Contains("anthropic/claude-opus-5-5", (await client.ListLocalModelsAsync(Cancel)).Select(model => model.Name));
        Assert.Empty(await client.ListRunningModelsAsync(Cancel));
        var shown = await client.ShowModelAsync(new ShowModelRequest { Model = "anthropic/claude-opus-5-5" }, Cancel);
        Assert.Contains("tools", shown.Capabilities!);
    }

    [Theory]
    [InlineData("openai/gpt-6-luna")]
    [InlineData("anthropic/claude-opus-5-5")]
    [InlineData("ollama/llama")]
    public async Task Chat_and_completion(string model)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.EveryDouble(providers.Url));
        using var client = new OllamaApiClient(gateway.Url, model);
        var said = "";
        ChatDoneResponseStream? end = null;

        await foreach (var piece in client.ChatAsync(new ChatRequest { Model = model, Messages = [new Message(ChatRole.User, "Greet me")], Stream = true }, Cancel))
        {
            said += piece!.Message.Content;
            end = piece as ChatDoneResponseStream ?? end;
        }

        Assert.Equal("Hello there, and welcome to the cellar.", said);

        // The double counts no tokens as Ollama.
        (string?, int?, int?) told = model is "ollama/llama" ? ("stop", 0, 0) : ("stop", 21, 13);
        Assert.Equal(told, (end?.DoneReason, end?.PromptEvalCount, end?.EvalCount));

        var completed = "";
        await foreach (var piece in client.GenerateAsync(new GenerateRequest { Model = model, Prompt = "Greet me", Stream = true }, Cancel))
        {
            completed += piece!.Response;
        }

        Assert.Equal(said, completed);
    }
}
