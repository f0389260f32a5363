using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.Dify;

/// <summary>
/// Reads a stream: every event is a JSON object that names itself in <c>event</c>. The end mark is <c>message_end</c>, and
/// <c>workflow_finished</c> for workflows; in a chatflow the latter comes first and ends nothing.
/// </summary>
/// <remarks>
/// <c>agent_thought</c> tells again what <c>agent_message</c> has streamed, with the agent's thought between; thoughts reach
/// the caller as thinking when they are not the text itself. Files, speech, nodes and pings are none of the caller's business.
/// </remarks>
internal sealed class DifyDecoder : StreamDecoder
{
    private readonly SseReader reader = new();
    private int index = -1;
    private Kind kind;
    private FinishReason reason = new(FinishReasonKind.Stop);
    private bool started;
    private bool textSaid;
    private bool isMessage;
    private bool done;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        while (!done && reader.TryRead(ref chunk, out var item))
        {
            Event(item.Data, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        if (!done && reader.TryReadRest(out var rest))
        {
            try
            {
                Event(rest.Data, output);
            }
            catch (UpstreamException)
            {
                // An event that the end of the connection cut is nothing; that the answer is not whole tells Ended.
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        base.Dispose(disposing);
    }

    private void Event(ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        if (data.IsEmpty)
        {
            // "event: ping" keeps the line open.
            return;
        }

        using var document = LooseJson.Parse(data);
        var root = document.RootElement;
        switch (root.Text("event"))
        {
            case "message" or "agent_message":
                isMessage = true;
                Text(root.Text("answer"), root, output);
                break;
            case "message_replace":
                Replace(root, output);
                break;
            case "text_chunk":
                Text(root.Get("data").Text("text"), root, output);
                break;
            case "reasoning_chunk":
                Thought(root.Get("data").Text("reasoning"), root, output);
                break;
            case "agent_thought" when !textSaid:
                Thought(root.Text("thought"), root, output);
                break;
            case "message_end":
                End(DifyAnswer.Usage(root.Get("metadata")), output);
                break;
            case "workflow_finished":
                Finished(root, output);
                break;
            case "human_input_required" or "workflow_paused":
                Fail(DifyFailures.OfWorkflow("paused", null), output);
                break;
            case "error":
                Fail(DifyFailures.Of(root), output);
                break;
        }
    }

    private void Finished(JsonElement root, ICollection<ChatDelta> output)
    {
        var data = root.Get("data");
        var status = data.Text("status");
        if (!DifyAnswer.HasSucceeded(status))
        {
            Fail(DifyFailures.OfWorkflow(status!, data.Text("error")), output);
        }
        else if (!isMessage && root.Text("conversation_id") is null)
        {
            if (!textSaid)
            {
                Text(DifyAnswer.Text(data.Get("outputs")), root, output);
            }

            End(null, output);
        }
    }

    // Moderation swaps the text for another one. What the caller has can be added to, never taken back: the new text comes
    // as a refusal, and the reason says that a filter was at work.
    private void Replace(JsonElement root, ICollection<ChatDelta> output)
    {
        reason = new(FinishReasonKind.ContentFilter, "message_replace");
        if (root.Text("answer") is { Length: > 0 } answer)
        {
            Open(Kind.Refusal, root, output);
            textSaid = true;
            output.Add(new RefusalDelta(index, answer));
        }
    }

    private void Text(string? text, JsonElement root, ICollection<ChatDelta> output)
    {
        if (text is { Length: > 0 })
        {
            Open(Kind.Text, root, output);
            textSaid = true;
            output.Add(new TextDelta(index, text));
        }
    }

    private void Thought(string? text, JsonElement root, ICollection<ChatDelta> output)
    {
        if (text is { Length: > 0 })
        {
            Open(Kind.Thought, root, output);
            output.Add(new ReasoningDelta(index, text));
        }
    }

    private void Open(Kind next, JsonElement root, ICollection<ChatDelta> output)
    {
        if (!started)
        {
            started = true;
            output.Add(new StartDelta(root.Text("message_id") ?? root.Text("workflow_run_id"), null));
        }

        if (index >= 0 && kind == next)
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

    private void End(Usage? usage, ICollection<ChatDelta> output)
    {
        done = Ended = true;
        if (usage is { } counts)
        {
            output.Add(new UsageDelta(counts));
        }

        // A reason would make an answer of nothing.
        if (started)
        {
            output.Add(new PartEndDelta(index));
            output.Add(new FinishDelta(reason));
        }

        output.Add(EndDelta.Instance);
    }

    private void Fail(UpstreamFailure failure, ICollection<ChatDelta> output)
    {
        done = true;
        output.Add(new FailureDelta(failure));
    }

    private enum Kind
    {
        Text,
        Thought,
        Refusal,
    }
}
