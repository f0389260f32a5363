using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Whole answers.</summary>
internal sealed class OpenAIChatResponses : IResponseWire
{
    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        Check(body, quirks);
        return ResponseReader.Read(body, quirks);
    }

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        var scan = Check(body, quirks);
        return new AnswerFacts
        {
            Id = scan.Id.Equals(default) ? null : Encoding.UTF8.GetString(body[scan.Id]),
            ResponseModel = scan.Model.Equals(default) ? null : Encoding.UTF8.GetString(body[scan.Model]),
            ServedAs = scan.ServedAs.Equals(default) ? null : ServiceTiers.Word(body[scan.ServedAs]),
            Usage = scan.Usage,
            FinishReason = scan.Finish,
            OutputBytes = scan.OutputBytes,
            HasToolCall = scan.HasToolCall,
            IsLoose = scan.IsLoose,
        };
    }

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ResponseWriter.Write(response, context, output, warnings);

    // Answers come with HTTP 200 that are none: errors, empty ones, pages of a proxy.
    private static AnswerScan Check(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        if (body.Trim(" \r\n\t"u8).IsEmpty)
        {
            throw new UpstreamException(new UpstreamFailure(UpstreamFailureKind.EmptyAnswer, "The answer is empty."));
        }

        AnswerScan scan;
        try
        {
            scan = AnswerScan.Read(body, quirks);
        }
        catch (JsonException error)
        {
            throw UpstreamException.Protocol($"The answer is not the JSON of a chat completion: {error.Message}");
        }

        if (scan.IsError)
        {
            throw new UpstreamException(ErrorBody.Read(body).Disguised());
        }

        if (!scan.HasChoices)
        {
            throw UpstreamException.Protocol("The answer has no 'choices'.");
        }

        if (scan.Finish is { Kind: FinishReasonKind.Error })
        {
            throw new UpstreamException(FinishFailure(scan.Finish)) { Usage = scan.Usage };
        }

        return scan.HasContent || scan.Finish is not null
            ? scan
            : throw new UpstreamException(new UpstreamFailure(UpstreamFailureKind.EmptyAnswer, "The answer has neither content nor a finish reason.")) { Usage = scan.Usage };
    }

    /// <summary>The vendor says by its finish reason that it failed in the middle.</summary>
    public static UpstreamFailure FinishFailure(FinishReason reason) =>
        new(UpstreamFailureKind.Unavailable, $"The model stopped with '{reason.Raw}'.", null, reason.Raw);
}
