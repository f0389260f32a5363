using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads a stream of chunks into our own steps.</summary>
internal sealed class OpenAIChatDecoder(WireQuirks quirks) : StreamDecoder
{
    private readonly SseReader reader = new();
    private readonly DeltaReader deltas = new();
    private string? id;
    private string? model;
    private Usage? usage;
    private string? tier;
    private FinishReason? finish;
    private bool started;
    private bool finishSent;
    private bool failed;
    private int moreChoices;
    private HashSet<string>? opaqueSent;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        while (!failed && !Ended && reader.TryRead(ref chunk, out var item))
        {
            Event(item, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        if (!failed && !Ended && reader.TryReadRest(out var rest))
        {
            try
            {
                Event(rest, output);
            }
            catch (UpstreamException)
            {
                // A chunk that the end of the connection cut is nothing, and the answer is not whole.
                return;
            }
        }

        if (!failed && !Ended && !quirks.DoneMark && finish is not null)
        {
            End(output);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        base.Dispose(disposing);
    }

    private void Event(SseEvent item, ICollection<ChatDelta> output)
    {
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

        try
        {
            Chunk(data, item.Name.SequenceEqual("error"u8), output);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("A streamed chunk is not JSON.");
        }
    }

    private void End(ICollection<ChatDelta> output)
    {
        Ended = true;
        deltas.Flush(output);
        output.Add(EndDelta.Instance);
    }

    private void Fail(UpstreamFailure failure, ICollection<ChatDelta> output)
    {
        failed = true;
        output.Add(new FailureDelta(failure));
    }

    private void Chunk(ReadOnlySpan<byte> data, bool isError, ICollection<ChatDelta> output)
    {
        var scan = AnswerScan.Read(data, quirks);
        if (isError || scan.IsError)
        {
            Fail(ErrorBody.Read(data).Disguised(), output);
            return;
        }

        if (scan.Finish is { Kind: FinishReasonKind.Error })
        {
            Fail(OpenAIChatResponses.FinishFailure(scan.Finish), output);
            return;
        }

        Start(scan, data, output);
        if (scan.HasChoices)
        {
            ReadChunk(data, output);
        }

        Finish(scan, output);
        tier = !scan.ServedAs.Equals(default) && ServiceTiers.Tells(data[scan.ServedAs]) ? scan.ServiceTier : tier;
        if (scan.Usage is { } reported && (reported with { ServiceTier = tier }) is var counts && counts != usage)
        {
            usage = counts;
            output.Add(new UsageDelta(counts));
        }

        if (scan.IsDone)
        {
            End(output);
        }
    }

    // Azure's first chunk has neither id nor choices; the answer begins with the next.
    private void Start(in AnswerScan scan, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        id ??= scan.Id.Equals(default) ? null : System.Text.Encoding.UTF8.GetString(data[scan.Id]);
        model ??= scan.Model.Equals(default) ? null : System.Text.Encoding.UTF8.GetString(data[scan.Model]);
        if (!started && (scan.Choices > 0 || scan.HasContent || scan.Finish is not null))
        {
            started = true;
            deltas.AnswerId = id;
            output.Add(Serving(data));
        }
    }

    // Read once: every chunk repeats it.
    private StartDelta Serving(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data, JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref json);
        var chunk = document.RootElement;
        return new(id, model) { Created = ServingWords.Created(chunk), SystemFingerprint = ServingWords.SystemFingerprint(chunk), ServiceTier = ServingWords.ServiceTier(chunk) };
    }

    private void Finish(in AnswerScan scan, ICollection<ChatDelta> output)
    {
        finish ??= scan.Finish;
        if (finish is not null && !finishSent)
        {
            finishSent = true;
            deltas.Flush(output);

            // Some servers say "stop" beside their calls; what they want is that the tools are run.
            output.Add(new FinishDelta(deltas.HasToolCall && finish.Kind == FinishReasonKind.Stop ? finish with { Kind = FinishReasonKind.ToolCalls } : finish));
        }
    }

    private void ReadChunk(ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        var json = new Utf8JsonReader(data, JsonLimits.Reader);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8))
            {
                json.Read();
                ReadChoices(ref json, data, output);
            }
            else if (json.ValueTextEquals("citations"u8) || json.ValueTextEquals("search_results"u8))
            {
                // Perplexity repeats both in every chunk.
                var name = json.ValueTextEquals("citations"u8) ? "citations" : "search_results";
                Raw(ref json, data, name, once: true, output);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadChoices(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var start = json;
            var index = ChoiceIndex(ref json);
            if (index == 0)
            {
                json = start;
                ReadChoice(ref json, data, output);
            }
            else if (index > moreChoices)
            {
                // Our steps know one answer; that another was dropped is told once.
                moreChoices = index;
                output.Add(new OpaqueDelta(OpenAIChatFormat.FormatName, $"choices[{index}]", "{}"));
            }
        }
    }

    private static int ChoiceIndex(ref Utf8JsonReader json)
    {
        var index = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIndex = json.ValueTextEquals("index"u8);
            json.Read();
            if (isIndex && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value))
            {
                index = value;
            }

            json.Skip();
        }

        return index;
    }

    private void ReadChoice(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8))
            {
                json.Read();
                ReadDelta(ref json, data, output);
            }
            else if (json.ValueTextEquals("text"u8))
            {
                // The older completions.
                deltas.Begin();
                deltas.Member(ref json, output);
                deltas.Done(output);
            }
            else if (json.ValueTextEquals("logprobs"u8))
            {
                Raw(ref json, data, TokenLogProbs.Name, once: false, output);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadDelta(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        deltas.Begin();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("annotations"u8))
            {
                Annotations(ref json, data, output);
            }
            else if (json.ValueTextEquals("audio"u8))
            {
                Raw(ref json, data, "delta.audio", once: false, output);
            }
            else if (json.ValueTextEquals("images"u8))
            {
                Raw(ref json, data, "delta.images", once: false, output);
            }
            else
            {
                deltas.Member(ref json, output);
            }
        }

        deltas.Done(output);
    }

    private void Annotations(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        var before = json;
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray)
        {
            var start = (int)json.TokenStartIndex;
            json.Skip();
            var raw = System.Text.Encoding.UTF8.GetString(data[start..(int)json.BytesConsumed]);
            if (UrlCitations.ReadAll(raw, OpenAIChatFormat.FormatName) is { } citations)
            {
                foreach (var citation in citations)
                {
                    output.Add(new CitationDelta(deltas.TextPart(output), citation));
                }

                return;
            }
        }

        json = before;
        Raw(ref json, data, "delta.annotations", once: false, output);
    }

    private void Raw(ref Utf8JsonReader json, ReadOnlySpan<byte> data, string name, bool once, ICollection<ChatDelta> output)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        var isNull = json.TokenType == JsonTokenType.Null;
        json.Skip();
        var raw = data[start..(int)json.BytesConsumed];
        if (!isNull && !raw.SequenceEqual("[]"u8) && (!once || (opaqueSent ??= new(StringComparer.Ordinal)).Add(name)))
        {
            output.Add(new OpaqueDelta(OpenAIChatFormat.FormatName, name, System.Text.Encoding.UTF8.GetString(raw)));
        }
    }
}
