using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Whole answers.</summary>
internal sealed class OpenAIResponsesAnswers : IResponseWire
{
    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        var scan = Check(body, quirks);
        return ResponsesAnswerReader.Read(body, scan);
    }

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        var scan = Check(body, quirks);
        return new AnswerFacts
        {
            Id = scan.Id.Equals(default) ? null : Encoding.UTF8.GetString(body[scan.Id]),
            ResponseModel = scan.Model.Equals(default) ? null : Encoding.UTF8.GetString(body[scan.Model]),
            Usage = scan.Usage,
            FinishReason = scan.Finish(calls: false),
            OutputBytes = scan.OutputBytes,
            HasToolCall = scan.HasToolCall,
        };
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Restored(ReadOnlySpan<byte> body, ReplyContext context) => ResponsesContinued.Restored(body, context);

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ResponsesAnswerWriter.Write(response, context, output, warnings);

    // Answers come with HTTP 200 that are none: errors, empty ones, pages of a proxy, ones that are not made yet.
    private static ResponsesAnswerScan Check(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        if (body.Trim(" \r\n\t"u8).IsEmpty)
        {
            throw new UpstreamException(new UpstreamFailure(UpstreamFailureKind.EmptyAnswer, "The answer is empty."));
        }

        ResponsesAnswerScan scan;
        try
        {
            scan = ResponsesAnswerScan.Read(body, quirks);
        }
        catch (JsonException error)
        {
            throw UpstreamException.Protocol($"The answer is not the JSON of a response: {error.Message}");
        }

        if (scan.IsError)
        {
            throw new UpstreamException(Failure(body));
        }

        if (!scan.HasOutput)
        {
            throw UpstreamException.Protocol("The answer has no 'output'.");
        }

        if (scan.Status is ResponsesStatus.Pending)
        {
            throw UpstreamException.Protocol("The answer is not made yet.");
        }

        return scan.Items > 0 || scan.Status == ResponsesStatus.Incomplete
            ? scan
            : throw new UpstreamException(Empty()) { Usage = scan.Usage };
    }

    /// <summary>The failure of an answer that says that it failed.</summary>
    public static UpstreamFailure Failure(ReadOnlySpan<byte> body) => ErrorBody.Read(body).Disguised();

    /// <summary>The failure of an answer with nothing in it.</summary>
    public static UpstreamFailure Empty() => new(UpstreamFailureKind.EmptyAnswer, "The answer has no output.");
}
