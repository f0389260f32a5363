using Sommelier.Canonical;

namespace Sommelier.Routing.Signals;

/// <summary>Which media the request holds, and how many tokens they stand for.</summary>
/// <remarks>
/// Sizes are not read off the media, so a piece counts as its kind's usual size, the upper end of what vendors document:
/// an image 1,600 tokens (Anthropic: width x height / 750, capped near 1,600; OpenAI and Gemini count less), a sound
/// 2,000 (one minute at Gemini's 32 tokens a second), a video 16,000 (one minute at Gemini's 263), a document 6,000 (two
/// to four pages at Anthropic's 1,500 to 3,000 a page). With several kinds, every piece counts as the largest.
/// </remarks>
internal sealed class ModalitySignal : ISignal
{
    public string Name => "modalities";

    public void Read(in SignalInput input, RequestSignals to)
    {
        to.Media = input.Outline.Media;
        to.MediaTokens = TokenMath.ToInt32((double)input.Outline.MediaCount * TokensOf(input.Outline.Media));
    }

    private static int TokensOf(MediaKind media) => media switch
    {
        _ when media.HasFlag(MediaKind.Video) => 16_000,
        _ when media.HasFlag(MediaKind.Document) => 6_000,
        _ when media.HasFlag(MediaKind.Audio) => 2_000,
        _ => 1_600,
    };
}
