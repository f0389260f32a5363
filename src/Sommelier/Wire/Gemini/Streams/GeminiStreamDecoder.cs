using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads a stream of events, each of which is an answer in small.</summary>
/// <remarks>
/// The format has no end mark: a stream is whole when a finish reason came and the connection then ended as it should.
/// Counts may come again after the reason, so both are told at the end.
/// </remarks>
internal sealed class GeminiStreamDecoder : StreamDecoder
{
    private static readonly string[] KnownOfCandidate = ["content", "finishReason", "index", GeminiGrounding.Name, GeminiLogProbs.Name];

    private readonly SseReader events = new();
    private readonly GeminiPartialCall partial = new();
    private readonly List<(int Index, System.Text.StringBuilder Text)> texts = [];
    private readonly HashSet<Citation> cited = [];
    private HashSet<string>? untold;
    private readonly List<ContentPart> said = [];
    private Func<string, string>? ids;
    private GeminiUsage usage;
    private string? finish;
    private bool blocked;
    private bool failed;
    private bool started;
    private bool hasCalls;
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
        while (events.TryRead(ref chunk, out var item))
        {
            if (!item.Data.IsEmpty && !failed)
            {
                Chunk(item.Data, output);
            }
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        if (events.TryReadRest(out var rest) && !rest.Data.IsEmpty && !failed && GeminiStream.IsWhole(rest.Data))
        {
            Chunk(rest.Data, output);
        }

        if (failed || (finish is null && !blocked))
        {
            return;
        }

        if (partial.IsOpen)
        {
            Call(partial.Close(), output);
        }

        if (usage.Reported)
        {
            output.Add(new UsageDelta(usage.Value));
        }

        output.Add(new FinishDelta(blocked && finish is null ? new(FinishReasonKind.ContentFilter) : GeminiFinish.Read(finish, hasCalls)));
        Ended = true;
        output.Add(EndDelta.Instance);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            events.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Chunk(ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        JsonDocument document;
        try
        {
            document = GeminiResponseReader.Parse(data);
        }
        catch (UpstreamException error) when (error.Failure.Kind != UpstreamFailureKind.ProtocolError || error.Failure.Code is not null)
        {
            failed = true;
            output.Add(new FailureDelta(error.Failure));
            return;
        }

        using (document)
        {
            try
            {
                Read(document.RootElement, output);
            }
            catch (WireException wrong)
            {
                throw UpstreamException.Protocol(wrong.Message);
            }
        }
    }

    private void Read(JsonElement root, ICollection<ChatDelta> output)
    {
        if (!started)
        {
            started = true;
            var id = GeminiResponseReader.Text(root, "responseId");
            ids = GeminiResponseReader.Ids(id);
            output.Add(new StartDelta(id, GeminiResponseReader.Text(root, "modelVersion")));
        }

        if (root.TryGetProperty("usageMetadata", out var counts) && counts.ValueKind == JsonValueKind.Object)
        {
            var reader = new Utf8JsonReader(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(counts), JsonLimits.Reader);
            reader.Read();
            var told = usage.Reported;
            usage.Read(ref reader);
            if (!told && usage.Reported)
            {
                // For the bill of a stream that is cut.
                output.Add(new UsageDelta(usage.Value));
            }
        }

        blocked |= GeminiResponseReader.Blocked(root) is not null;
        if (!root.TryGetProperty("candidates", out var candidates) || candidates.ValueKind != JsonValueKind.Array || candidates.GetArrayLength() == 0)
        {
            return;
        }

        foreach (var item in candidates.EnumerateArray())
        {
            var candidate = JsonFields.Of(item, "candidates[0]");
            if (candidate.Int("index") is > 0 and var index)
            {
                // Our steps know one answer; candidates come in any order, each in chunks of its own.
                Untold($"candidates[{index}]", "{}", output);
            }
            else
            {
                Candidate(candidate, output);
            }
        }
    }

    private void Candidate(JsonFields candidate, ICollection<ChatDelta> output)
    {
        if (candidate.TryGet("content", out var value))
        {
            Parts(JsonFields.Of(value, "candidates[0].content"), output);
        }

        finish = candidate.Text("finishReason") is { Length: > 0 } word ? word : finish;
        if (candidate.Raw(GeminiGrounding.Name) is { } grounding)
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(grounding), JsonLimits.Reader);
            reader.Read();
            var told = default(GeminiUsage);
            told.AddSearches(ref reader);
            WebSearches = usage.WebSearches = Math.Max(WebSearches, told.WebSearches);
            Cite(grounding, output);
            output.Add(new OpaqueDelta(GeminiFormat.FormatName, GeminiGrounding.Name, grounding));
        }

        if (candidate.Raw(GeminiLogProbs.Name) is { } tokens && GeminiLogProbs.Read(tokens) is not null)
        {
            output.Add(new OpaqueDelta(GeminiFormat.FormatName, TokenLogProbs.Name, tokens));
        }

        foreach (var (name, json) in candidate.Unknown(GeminiFormat.FormatName, KnownOfCandidate)?.Fields ?? [])
        {
            Untold($"candidate.{name}", json, output);
        }
    }

    // What no other format has a place for is told once, however often it comes.
    private void Untold(string what, string json, ICollection<ChatDelta> output)
    {
        if ((untold ??= new(StringComparer.Ordinal)).Add(what))
        {
            output.Add(new OpaqueDelta(GeminiFormat.FormatName, what, json));
        }
    }

    private void Parts(JsonFields content, ICollection<ChatDelta> output)
    {
        if (content.List("parts") is { } parts)
        {
            var index = 0;
            foreach (var part in parts.EnumerateArray())
            {
                Part(JsonFields.Item(part, content, "parts", index++), output);
            }
        }
    }

    private void Part(JsonFields part, ICollection<ChatDelta> output)
    {
        if (part.Object("functionCall") is { } call && (partial.IsOpen || GeminiPartialCall.Is(call)))
        {
            if (partial.Add(call, part.Text("thoughtSignature")))
            {
                Call(partial.Close(), output);
            }

            return;
        }

        said.Clear();
        GeminiPartReader.Read(part, said, ids!, out _);
        foreach (var piece in said)
        {
            switch (piece)
            {
                case TextPart text:
                    Said(At(Kind.Text), text.Text, output);
                    break;
                case ReasoningPart { Text.Length: 0 } seal:
                    kind = Kind.None;
                    output.Add(Delta(seal, next++));
                    break;
                case ReasoningPart thought:
                    output.Add(Delta(thought, At(Kind.Thought)));
                    break;
                case ToolCallPart tool:
                    Call(tool, output);
                    break;
                case OpaquePart opaque:
                    output.Add(new OpaqueDelta(opaque.Format, opaque.Type, opaque.Json));
                    break;
                default:
                    output.Add(new OpaqueDelta(GeminiFormat.FormatName, "inlineData", part.Element.GetRawText()));
                    break;
            }
        }
    }

    // Pages are named by the bytes that rest on them, so what was said has to be kept.
    private void Said(int index, string text, ICollection<ChatDelta> output)
    {
        if (texts.Count == 0 || texts[^1].Index != index)
        {
            texts.Add((index, new()));
        }

        texts[^1].Text.Append(text);
        output.Add(new TextDelta(index, text));
    }

    private void Cite(string grounding, ICollection<ChatDelta> output)
    {
        using var document = JsonDocument.Parse(grounding);
        foreach (var (text, citation) in GeminiGrounding.Read(document.RootElement, texts.ConvertAll(static piece => (piece.Index, piece.Text.ToString()))))
        {
            // Later chunks may repeat what earlier ones said.
            if (cited.Add(citation with { Source = null }))
            {
                output.Add(new CitationDelta(texts[text].Index, citation));
            }
        }
    }

    private static ReasoningDelta Delta(ReasoningPart part, int index) =>
        new(index, part.Text, part.Signature, part.Redacted) { Vendor = part.Vendor, Id = part.Id };

    private void Call(ToolCallPart call, ICollection<ChatDelta> output)
    {
        hasCalls = true;
        kind = Kind.None;
        output.Add(new ToolCallStartDelta(next, call.Id.Length > 0 ? call.Id : ids!(call.Name), call.Name) { Signature = call.Signature, IsIdMadeUp = call.IsIdMadeUp });
        output.Add(new ToolCallArgumentsDelta(next, call.Arguments));
        output.Add(new PartEndDelta(next++));
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
