using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.LangGraph;

/// <summary>
/// Reads a run's stream: <c>messages</c> events bring pieces of what models say in any step, <c>values</c> events the state
/// after a step.
/// </summary>
/// <remarks>
/// A graph runs its own tools, so calls reach the caller only when the last state has no answer to them.
/// The end mark is the <c>end</c> event with a status of success, or with none. Servers that send no <c>end</c> (those for
/// JavaScript) close the stream after the last state: there, a whole answer is one whose stream ended in good order right
/// after a state with the answer in it. A stream that was cut ends elsewhere, or its connection breaks.
/// </remarks>
internal sealed class LangGraphDecoder : StreamDecoder
{
    private readonly SseReader reader = new();
    private readonly LangGraphSteps steps = new();
    private bool done;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        while (!done && reader.TryRead(ref chunk, out var item))
        {
            Event(item, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        // What lacks its blank line is an event that was cut, and so is the stream.
        if (!done && !reader.TryReadRest(out _) && steps.IsAtAnswer)
        {
            End(output);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        steps.Dispose();
        base.Dispose(disposing);
    }

    // Events of a subgraph carry its namespace after a bar; only the graph's own state is the answer.
    private void Event(SseEvent item, ICollection<ChatDelta> output)
    {
        var name = item.Name;
        if (name.SequenceEqual("messages"u8) || name.StartsWith("messages|"u8))
        {
            using var document = LooseJson.Parse(item.Data);
            if (document.RootElement is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() > 0)
            {
                steps.Message(new(pair[0]), pair.GetArrayLength() > 1 ? pair[1].Text("ls_model_name") : null, output);
            }
        }
        else if (name.SequenceEqual("values"u8))
        {
            try
            {
                steps.State(item.Data);
            }
            catch (UpstreamException failed) when (failed.Failure.Kind != UpstreamFailureKind.ProtocolError)
            {
                Fail(failed.Failure, output);
            }
        }
        else if (name.SequenceEqual("error"u8))
        {
            using var document = LooseJson.Parse(item.Data);
            Fail(LangGraphFailures.Of(document.RootElement), output);
        }
        else if (name.SequenceEqual("end"u8))
        {
            using var document = item.Data.IsEmpty ? null : LooseJson.Parse(item.Data);
            if (document?.RootElement.Text("status") is { } status and not "success")
            {
                Fail(LangGraphFailures.OfStatus(status), output);
            }
            else
            {
                End(output);
            }
        }
    }

    private void Fail(UpstreamFailure failure, ICollection<ChatDelta> output)
    {
        done = true;
        output.Add(new FailureDelta(failure));
    }

    private void End(ICollection<ChatDelta> output)
    {
        done = true;
        Ended = true;
        steps.Finish(output);
        output.Add(EndDelta.Instance);
    }
}
