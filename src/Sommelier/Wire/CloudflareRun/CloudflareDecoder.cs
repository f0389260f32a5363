using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.CloudflareRun;

/// <summary>
/// Reads a stream of <c>data: {"response":"…"}</c> events that <c>data: [DONE]</c> ends; the counts ride in one of the last.
/// Models that stream OpenAI's chunks are read by that format's reader from their first chunk on.
/// </summary>
internal sealed class CloudflareDecoder(WireQuirks quirks) : StreamDecoder
{
    private readonly SseReader reader = new();
    private StreamDecoder? chunks;
    private Usage? usage;
    private int index = -1;
    private bool inText;
    private bool called;
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
        try
        {
            if (!done && reader.TryReadRest(out var rest))
            {
                Event(rest, output);
            }
        }
        catch (UpstreamException)
        {
            // An event that the end of the connection cut is nothing; that the answer is not whole tells Ended.
        }

        chunks?.Complete(output);
        Ended |= chunks?.Ended ?? false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        chunks?.Dispose();
        base.Dispose(disposing);
    }

    private void Event(SseEvent item, ICollection<ChatDelta> output)
    {
        if (chunks is not null)
        {
            Pass(item, output);
            return;
        }

        var data = item.Data.Trim(" \t"u8);
        if (data.IsEmpty)
        {
            return;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            End(output);
            return;
        }

        using var document = LooseJson.Parse(data);
        var root = document.RootElement;
        if (CloudflareFailures.In(root) is { } failure)
        {
            done = true;
            output.Add(new FailureDelta(failure));
        }
        else if (root.Get("choices").ValueKind == JsonValueKind.Array)
        {
            chunks = OpenAIChatFormat.Instance.Streams.CreateDecoder(quirks);
            Pass(item, output);
        }
        else
        {
            usage = CloudflareAnswer.Usage(root) ?? usage;
            Text(CloudflareAnswer.Text(root), output);
            foreach (var call in CloudflareAnswer.Calls(root))
            {
                Call(call, output);
            }
        }
    }

    private void Pass(SseEvent item, ICollection<ChatDelta> output)
    {
        chunks!.Decode(item.Raw, output);
        Ended = chunks.Ended;
    }

    private void Text(string text, ICollection<ChatDelta> output)
    {
        if (text.Length > 0)
        {
            if (!inText)
            {
                Open(output);
                inText = true;
            }

            output.Add(new TextDelta(index, text));
        }
    }

    private void Call(ToolCallPart call, ICollection<ChatDelta> output)
    {
        Open(output);
        (inText, called) = (false, true);

        // Ids are made up per event; the part's number keeps those of several events apart.
        var id = call.IsIdMadeUp ? ToolCallIds.MakeUp(null, index) : call.Id;
        output.Add(new ToolCallStartDelta(index, id, call.Name) { IsIdMadeUp = call.IsIdMadeUp });
        output.Add(new ToolCallArgumentsDelta(index, call.Arguments));
    }

    private void Open(ICollection<ChatDelta> output)
    {
        output.Add(index < 0 ? new StartDelta(null, null) : new PartEndDelta(index));
        index++;
    }

    private void End(ICollection<ChatDelta> output)
    {
        done = Ended = true;
        if (usage is { } counts)
        {
            output.Add(new UsageDelta(counts));
        }

        // A reason would make an answer of nothing.
        if (index >= 0)
        {
            output.Add(new PartEndDelta(index));
            output.Add(new FinishDelta(new(called ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop)));
        }

        output.Add(EndDelta.Instance);
    }
}
