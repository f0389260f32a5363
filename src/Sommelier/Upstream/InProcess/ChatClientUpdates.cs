using System.Text.Json;
using Microsoft.Extensions.AI;
using Sommelier.Canonical;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Upstream.InProcess;

/// <summary>Reads a chat client's updates into our own steps.</summary>
/// <remarks>
/// Calls are held back until the end: a client that runs functions by itself tells of a call and then of its result, and
/// only the calls that nobody has answered are the caller's to run.
/// </remarks>
internal sealed class ChatClientUpdates(ICollection<ChatDelta> output)
{
    private readonly List<FunctionCallContent> calls = [];
    private UsageDetails? usage;
    private ChatFinishReason? reason;
    private Type? kind;
    private int index = -1;
    private bool started;

    /// <summary>Takes an update.</summary>
    public void Add(ChatResponseUpdate update)
    {
        if (!started)
        {
            started = true;
            output.Add(new StartDelta(update.ResponseId, update.ModelId));
        }

        foreach (var content in update.Contents)
        {
            Take(content);
        }

        reason = update.FinishReason ?? reason;
    }

    /// <summary>The updates have ended.</summary>
    public void End()
    {
        foreach (var call in calls)
        {
            Open(null);
            output.Add(new ToolCallStartDelta(index, call.CallId, call.Name));
            output.Add(new ToolCallArgumentsDelta(index, Arguments(call.Arguments)));
        }

        if (index >= 0)
        {
            output.Add(new PartEndDelta(index));
        }

        if (usage is not null)
        {
            output.Add(new UsageDelta(Count(usage)));
        }

        // Neither content nor a reason is no answer; the attempt loop says so.
        if (index >= 0 || reason is not null)
        {
            output.Add(new FinishDelta(Finish()));
        }

        output.Add(EndDelta.Instance);
    }

    private void Take(AIContent content)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                Open(typeof(TextContent));
                output.Add(new TextDelta(index, text.Text));
                break;
            case TextReasoningContent thought when thought.Text.Length > 0:
                Open(typeof(TextReasoningContent));
                output.Add(new ReasoningDelta(index, thought.Text));
                break;
            case FunctionCallContent { InformationalOnly: false } call:
                calls.Add(call);
                break;
            case FunctionResultContent result:
                calls.RemoveAll(call => string.Equals(call.CallId, result.CallId, StringComparison.Ordinal));
                break;
            case UsageContent counts:
                (usage ??= new()).Add(counts.Details);
                break;
            case ErrorContent { ErrorCode: "Refusal" } refusal:
                Open(typeof(ErrorContent));
                output.Add(new RefusalDelta(index, refusal.Message));
                break;
            case ErrorContent error:
                output.Add(new FailureDelta(new(UpstreamFailureKind.Unavailable, error.Message, Code: error.ErrorCode)));
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                Image(data.Uri);
                break;
            case UriContent uri when uri.HasTopLevelMediaType("image"):
                Image(uri.Uri.AbsoluteUri);
                break;

            // What remains are traces of tools that ran on the client's side: no part of the answer.
        }
    }

    // The shape in which servers of OpenAI's format hand out images that a chat model has drawn.
    private void Image(string url)
    {
        if (index < 0)
        {
            Open(typeof(DataContent));
        }

        output.Add(new OpaqueDelta(OpenAIChatFormat.FormatName, "delta.images", $$$"""[{"type":"image_url","image_url":{"url":"{{{JsonEncodedText.Encode(url)}}}"}}]"""));
    }

    private void Open(Type? next)
    {
        if (next is not null && next == kind)
        {
            return;
        }

        if (index >= 0)
        {
            output.Add(new PartEndDelta(index));
        }

        kind = next;
        index++;
    }

    private FinishReason Finish()
    {
        var raw = reason?.Value;
        var word = raw is null ? new FinishReason(FinishReasonKind.Stop) : OpenAIWords.Finish(raw);
        return (calls.Count > 0, word.Kind) switch
        {
            (true, FinishReasonKind.Stop) => word with { Kind = FinishReasonKind.ToolCalls },
            (false, FinishReasonKind.ToolCalls) => word with { Kind = FinishReasonKind.Stop },
            _ => word,
        };
    }

    private static Usage Count(UsageDetails usage) => new()
    {
        InputTokens = usage.InputTokenCount ?? 0,
        OutputTokens = usage.OutputTokenCount ?? 0,
        CacheReadInputTokens = Math.Min(usage.CachedInputTokenCount ?? 0, usage.InputTokenCount ?? 0),
        ReasoningOutputTokens = Math.Min(usage.ReasoningTokenCount ?? 0, usage.OutputTokenCount ?? 0),
#pragma warning disable MEAI001 // The interface may still rename these two; without them audio would be billed as text.
        InputAudioTokens = Math.Min(usage.InputAudioTokenCount ?? 0, usage.InputTokenCount ?? 0),
        OutputAudioTokens = Math.Min(usage.OutputAudioTokenCount ?? 0, usage.OutputTokenCount ?? 0),
#pragma warning restore MEAI001
    };

    // The interface's own contract for serialization is made ahead of time; it knows every value that a model can write.
    private static string Arguments(IDictionary<string, object?>? arguments) => arguments is null
        ? "{}"
        : JsonSerializer.Serialize(arguments, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));
}
