using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Reads a stream of lines, the last of which says <c>done</c>.</summary>
internal sealed class OllamaStreamDecoder(OllamaShape shape) : StreamDecoder
{
    private readonly LineReader lines = new();
    private readonly List<ContentPart> said = [];
    private Func<string, string>? makeId;
    private string? created;
    private bool started;
    private bool failed;
    private bool hasCalls;
    private int made;
    private int next;
    private Kind kind;

    private enum Kind
    {
        None,
        Text,
        Thought,
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        while (lines.TryRead(ref chunk, out var line))
        {
            Line(line, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        // A last line without its line feed is whole if it is JSON; half a line is a cut.
        if (lines.TryReadRest(out var rest) && Gemini.GeminiStream.IsWhole(rest))
        {
            Line(rest, output);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lines.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Line(ReadOnlySpan<byte> json, ICollection<ChatDelta> output)
    {
        if (Ended || failed || json.IndexOfAnyExcept(" \r\n\t"u8) < 0)
        {
            return;
        }

        try
        {
            using var document = OllamaLine.Parse(json);
            Read(new JsonFields(document.RootElement, ""), output);
        }
        catch (UpstreamException error) when (error.Failure.Kind != UpstreamFailureKind.ProtocolError)
        {
            failed = true;
            output.Add(new FailureDelta(error.Failure));
        }
        catch (WireException wrong)
        {
            throw UpstreamException.Protocol(wrong.Message);
        }
    }

    private void Read(JsonFields line, ICollection<ChatDelta> output)
    {
        if (!started)
        {
            started = true;
            created = line.Text("created_at");
            output.Add(new StartDelta(null, line.Text("model")));
        }

        said.Clear();
        OllamaLine.Parts(line, shape, makeId ??= name => OllamaLine.Id(created, name, ref made), said);
        foreach (var part in said)
        {
            Part(part, output);
        }

        if (line.Raw(TokenLogProbs.Name) is { } tokens)
        {
            output.Add(new OpaqueDelta(shape.Format(), TokenLogProbs.Name, tokens));
        }

        if (line.Bool("done") != true)
        {
            return;
        }

        if (OllamaLine.Usage(line) is { } usage)
        {
            output.Add(new UsageDelta(usage));
        }

        output.Add(new FinishDelta(OllamaWords.Finish(line.Text("done_reason"), hasCalls)));
        Ended = true;
        output.Add(EndDelta.Instance);
    }

    private void Part(ContentPart part, ICollection<ChatDelta> output)
    {
        switch (part)
        {
            case TextPart text:
                output.Add(new TextDelta(At(Kind.Text), text.Text));
                break;
            case ReasoningPart thought:
                output.Add(new ReasoningDelta(At(Kind.Thought), thought.Text));
                break;
            case ToolCallPart call:
                hasCalls = true;
                kind = Kind.None;
                output.Add(new ToolCallStartDelta(next, call.Id, call.Name) { IsIdMadeUp = call.IsIdMadeUp });
                output.Add(new ToolCallArgumentsDelta(next, call.Arguments));
                output.Add(new PartEndDelta(next++));
                break;
            case BlobPart blob:
                output.Add(new OpaqueDelta(shape.Format(), "images", $"\"{blob.Data}\""));
                break;
        }
    }

    private int At(Kind wanted)
    {
        if (kind != wanted)
        {
            kind = wanted;
            next++;
        }

        return next - 1;
    }
}
