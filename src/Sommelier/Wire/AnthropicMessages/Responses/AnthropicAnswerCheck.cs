using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What makes a reply with status 200 no answer.</summary>
internal static class AnthropicAnswerCheck
{
    /// <summary>The failure of an answer with nothing in it.</summary>
    public static UpstreamException Empty(Usage? usage) =>
        new(new UpstreamFailure(UpstreamFailureKind.EmptyAnswer, "The answer has neither content nor a reason for stopping.")) { Usage = usage };

    /// <summary>Refuses a body without a byte of meaning.</summary>
    public static void ThrowIfBlank(ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new UpstreamException(new UpstreamFailure(UpstreamFailureKind.EmptyAnswer, "The answer's body is empty."));
        }
    }

    /// <summary>Refuses an error that came with status 200.</summary>
    public static void ThrowIfError(bool isError, ReadOnlySpan<byte> body)
    {
        if (isError)
        {
            throw new UpstreamException(AnthropicErrorReader.InStream(body));
        }
    }
}
