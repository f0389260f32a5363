using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <inheritdoc cref="IResponseWire"/>
internal sealed class OllamaResponses(OllamaShape shape) : IResponseWire
{
    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        using var document = OllamaLine.Parse(body);
        var line = new JsonFields(document.RootElement, "");
        try
        {
            var made = 0;
            var created = line.Text("created_at");
            var parts = new List<ContentPart>();
            OllamaLine.Parts(line, shape, name => OllamaLine.Id(created, name, ref made), parts);
            if (parts.Count == 0 && line.Text("done_reason") is null)
            {
                throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The answer has nothing in it.")) { Usage = OllamaLine.Usage(line) };
            }

            return new ChatResponse
            {
                ResponseModel = line.Text("model"),
                Created = DateTimeOffset.TryParse(created, System.Globalization.CultureInfo.InvariantCulture, out var at) ? at : null,
                Parts = parts,
                FinishReason = OllamaWords.Finish(line.Text("done_reason"), parts.Exists(static part => part is ToolCallPart)),
                Usage = OllamaLine.Usage(line),
                Extra = line.Unknown(shape.Format(), OllamaLine.Known),
            };
        }
        catch (WireException wrong)
        {
            throw UpstreamException.Protocol(wrong.Message);
        }
    }

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        var scan = new OllamaLineScan();
        try
        {
            scan.Read(body);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("The answer is not valid JSON.");
        }

        if (scan.IsError)
        {
            throw new UpstreamException(OllamaLine.Failure(body));
        }

        var facts = new AnswerFacts();
        scan.Note(facts);
        facts.FinishReason ??= scan.HasContent ? new(FinishReasonKind.Stop) : null;
        return facts.FinishReason is not null ? facts : throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The answer has nothing in it.")) { Usage = facts.Usage };
    }

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        response = TokenLogProbs.Take(response, shape.Format(), out var tokens);
        writer.WriteStartObject();
        OllamaLine.WriteHead(response.ResponseModel ?? context.Model, response.Created ?? context.Created, writer);
        OllamaLine.WriteWords(response.Parts, shape, writer, warnings);
        LostFinish.Warn(response.FinishReason, "done_reason", warnings);
        OllamaLine.WriteEnd(response.FinishReason, response.Usage, context, writer);
        OllamaLine.WriteLogProbs(tokens, writer);
        Extras.Write(response.Extra, writer, shape.Format(), "", warnings);
        if (response.MoreChoices.Count > 0)
        {
            warnings.Add(new Warning("dropped", "choices", "this dialect has one answer"));
        }

        writer.WriteEndObject();
    }
}
