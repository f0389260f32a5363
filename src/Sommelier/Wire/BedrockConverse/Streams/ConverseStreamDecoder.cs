using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.EventStream;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads a stream of frames.</summary>
/// <remarks>
/// It is whole once <c>messageStop</c> and <c>metadata</c> have come, in either order, or when the connection ends well after
/// <c>messageStop</c>: without its counts an answer is still an answer.
/// </remarks>
internal sealed class ConverseStreamDecoder(WireQuirks quirks) : StreamDecoder
{
    private readonly EventStreamReader frames = new();
    private readonly HashSet<int> answers = [];
    private readonly HashSet<int> foreign = [];
    private FinishReason? finish;
    private Usage? usage;
    private bool hasCalls;
    private bool counted;
    private bool failed;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        while (frames.TryRead(ref chunk, out var frame))
        {
            if (!failed && !Ended)
            {
                Read(frame, output);
            }
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        if (!failed && !Ended && finish is not null && !frames.HasRest)
        {
            End(output);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            frames.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Read(in EventStreamFrame frame, ICollection<ChatDelta> output)
    {
        if (frame.Kind != EventStreamKind.Event)
        {
            failed = true;
            output.Add(new FailureDelta(ConverseErrorReader.InStream(frame.ExceptionType.IsEmpty ? frame.ErrorCode : frame.ExceptionType, frame.Payload, frame.ErrorMessage)));
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(frame.Payload, JsonLimits.Reader);
            using var document = JsonDocument.ParseValue(ref reader);
            Event(frame.EventType, JsonFields.Of(document.RootElement, "event"), output);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("An event is not valid JSON.");
        }
        catch (WireException wrong)
        {
            throw UpstreamException.Protocol(wrong.Message);
        }
    }

    private void Event(ReadOnlySpan<byte> type, JsonFields data, ICollection<ChatDelta> output)
    {
        if (type.SequenceEqual("contentBlockDelta"u8))
        {
            Delta(data.Int("contentBlockIndex") ?? 0, data.Object("delta"), output);
        }
        else if (type.SequenceEqual("messageStart"u8))
        {
            output.Add(new StartDelta(null, null));
        }
        else if (type.SequenceEqual("contentBlockStart"u8))
        {
            Start(data.Int("contentBlockIndex") ?? 0, data.Object("start"), output);
        }
        else if (type.SequenceEqual("contentBlockStop"u8))
        {
            output.Add(new PartEndDelta(data.Int("contentBlockIndex") ?? 0));
        }
        else if (type.SequenceEqual("messageStop"u8))
        {
            finish = ConverseStopReason.Read(data.Text("stopReason"));
        }
        else if (type.SequenceEqual("metadata"u8))
        {
            counted = true;
            usage = ConverseUsage.Of(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(data.Element)) ?? usage;
        }

        if (finish is not null && counted && !Ended)
        {
            End(output);
        }
    }

    private void Start(int index, JsonFields? start, ICollection<ChatDelta> output)
    {
        if (start is { } opening && ConverseBlockReader.IsServersOwn(opening))
        {
            // What Bedrock's own tools do is no call to the caller.
            foreign.Add(index);
            output.Add(Step("contentBlockStart", opening));
            return;
        }

        if (start?.Object("toolUse") is not { } call)
        {
            return;
        }

        var name = call.RequiredText("name", "the tool's name");
        if (AnthropicAnswerTool.Is(name, quirks))
        {
            answers.Add(index);
            return;
        }

        hasCalls = true;
        output.Add(new ToolCallStartDelta(index, call.RequiredText("toolUseId", "the call's id"), name));
    }

    private void Delta(int index, JsonFields? delta, ICollection<ChatDelta> output)
    {
        if (delta is not { } step)
        {
            return;
        }

        if (foreign.Contains(index))
        {
            output.Add(Step("contentBlockDelta", step));
        }
        else if (step.Text("text") is { } text)
        {
            output.Add(new TextDelta(index, text));
        }
        else if (step.Object("toolUse")?.Text("input") is { } input)
        {
            // The tool that stood in for a schema gives the answer: the caller asked for text.
            output.Add(answers.Contains(index) ? new TextDelta(index, input) : new ToolCallArgumentsDelta(index, input));
        }
        else if (step.Object("reasoningContent") is { } thinking)
        {
            Thinking(index, thinking, output);
        }
        else if (step.Object("citation") is { } cited && ConverseCitations.Page(cited) is { } page)
        {
            // It may come before its text: the part has to be there first.
            output.Add(new TextDelta(index, ""));
            output.Add(new CitationDelta(index, page));
        }
        else
        {
            output.Add(Step("contentBlockDelta", step));
        }
    }

    // Named by what it holds: citations of documents, a server's tool and its result.
    private static OpaqueDelta Step(string type, JsonFields step) =>
        new(BedrockConverseFormat.FormatName, ConverseBlockReader.Kind(step.Element) ?? type, step.Element.GetRawText());

    private static void Thinking(int index, JsonFields thinking, ICollection<ChatDelta> output)
    {
        if (thinking.Text("redactedContent") is { } redacted)
        {
            output.Add(new ReasoningDelta(index, "", Redacted: redacted) { Vendor = Seals.Anthropic });
            return;
        }

        var part = Seals.Receive(new ReasoningPart(thinking.Text("text") ?? ""), thinking.Text("signature"), Seals.Anthropic);
        output.Add(new ReasoningDelta(index, part.Text, part.Signature, part.Redacted) { Vendor = part.Vendor, Id = part.Id });
    }

    private void End(ICollection<ChatDelta> output)
    {
        if (usage is { } counts)
        {
            output.Add(new UsageDelta(counts));
        }

        output.Add(new FinishDelta(AnthropicAnswerTool.Finish(finish!, answers.Count > 0, hasCalls)));
        Ended = true;
        output.Add(EndDelta.Instance);
    }
}
