using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Sommelier.Tests.Embedding;

/// <summary>A chat client that answers as told and remembers what it was asked.</summary>
internal sealed class ScriptedChatClient(params AIContent[] answer) : IChatClient
{
    /// <summary>What it was asked last.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    /// <summary>How it was asked last.</summary>
    public ChatOptions Options { get; private set; } = new();

    /// <summary>Why it says that it stopped; null when it does not say.</summary>
    public ChatFinishReason? Reason { get; init; } = ChatFinishReason.Stop;

    /// <summary>Thrown before the first update.</summary>
    public Exception? Refusal { get; init; }

    /// <summary>Thrown after the last content.</summary>
    public Exception? Break { get; init; }

    /// <summary>Waited for after the last content.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>Done once a stream was given up.</summary>
    public TaskCompletionSource GivenUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Remember(messages, options);
        return new(new ChatMessage(ChatRole.Assistant, [.. answer.Where(content => content is not UsageContent)]))
        {
            ResponseId = "r-1",
            ModelId = "scripted-1",
            FinishReason = Reason,
            Usage = answer.OfType<UsageContent>().FirstOrDefault()?.Details,
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Remember(messages, options);
        foreach (var content in answer)
        {
            yield return Update(content);
        }

        try
        {
            await Gate.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GivenUp.TrySetResult();
            throw;
        }

        if (Break is not null)
        {
            throw Break;
        }

        yield return new() { FinishReason = Reason, ResponseId = "r-1", ModelId = "scripted-1" };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = "r-1", ModelId = "scripted-1" };

    private void Remember(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        (Messages, Options) = ([.. messages], options!);
        if (Refusal is not null)
        {
            throw Refusal;
        }
    }
}
