using System.Text;
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
/// the caller as thinking when they are not the text itself. Files are linked in the text, the pages that the answer rests on are
/// cited, and what no caller has a place for is passed on to be named as lost. Speech, nodes and pings are none of the caller's business.
/// </remarks>
internal sealed class DifyDecoder : StreamDecoder
{
    private readonly SseReader reader = new();
    private readonly DifySteps steps = new();
    private readonly DifyUsage used = new();

    // What a workflow has streamed.
    private readonly StringBuilder streamed = new();
    private FinishReason reason = new(FinishReasonKind.Stop);
    private bool isMessage;
    private bool done;
    private string? task;

    /// <inheritdoc/>
    public override string? RunningTask => done ? null : task;

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
        task ??= root.Text("task_id");
        switch (root.Text("event"))
        {
            case "message" or "agent_message":
                isMessage = true;
                steps.Text(root.Text("answer"), root, output);
                break;
            case "message_replace":
                Replace(root, output);
                break;
            case "message_file":
                steps.File(root, root, output);
                break;
            case "text_chunk":
                var piece = root.Get("data").Text("text");
                streamed.Append(piece);
                steps.Text(piece, root, output);
                break;
            case "reasoning_chunk":
                steps.Thought(root.Get("data").Text("reasoning"), root, output);
                break;
            case "agent_thought" when !steps.TextSaid:
                steps.Thought(root.Text("thought"), root, output);
                break;
            case "node_finished":
                used.Add(root.Get("data"));
                break;
            case "message_end":
                EndMessage(root, output);
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
            Outputs(data.Get("outputs"), root, output);
            End(used.Of(data, streamed.ToString()), output);
        }
    }

    // What a workflow streams are texts of its outputs as they are made, one behind the other.
    private void Outputs(JsonElement outputs, JsonElement root, ICollection<ChatDelta> output)
    {
        var said = streamed.ToString();
        var text = DifyOutputs.Text(outputs);
        if (said.Length == 0 && text is null)
        {
            var json = DifyOutputs.Json(outputs);
            streamed.Append(json);
            steps.Text(json, root, output);
            return;
        }

        var rest = text is null ? null : DifyWords.Rest(text, said);
        if (rest is null && text is not null && !DifyOutputs.IsOther(outputs, said))
        {
            steps.Withdraw(filtered: false, output);
            streamed.Clear();
            rest = text;
        }

        streamed.Append(rest);
        steps.Text(rest, root, output);

        foreach (var other in DifyOutputs.Others(outputs, streamed.ToString()))
        {
            if (other is TextPart link)
            {
                steps.Link(link.Text, root, output);
            }
            else
            {
                steps.Lost((OpaquePart)other, output);
            }
        }
    }

    private void EndMessage(JsonElement root, ICollection<ChatDelta> output)
    {
        if (root.Get("files") is { ValueKind: JsonValueKind.Array } files)
        {
            foreach (var file in files.EnumerateArray())
            {
                steps.File(file, root, output);
            }
        }

        var metadata = root.Get("metadata");
        steps.Sources(metadata, output);
        End(DifyUsage.Of(metadata), output);
    }

    // Moderation swaps the text for another one. What a caller has read cannot be taken back: the new text comes as a
    // refusal, and the reason says that a filter was at work.
    private void Replace(JsonElement root, ICollection<ChatDelta> output)
    {
        reason = new(FinishReasonKind.ContentFilter, "message_replace");
        steps.Withdraw(filtered: true, output);
        steps.Refusal(root.Text("answer"), root, output);
    }

    private void End(Usage? usage, ICollection<ChatDelta> output)
    {
        done = Ended = true;
        steps.Finish(reason, usage, output);
    }

    private void Fail(UpstreamFailure failure, ICollection<ChatDelta> output)
    {
        done = true;
        output.Add(new FailureDelta(failure));
    }
}
