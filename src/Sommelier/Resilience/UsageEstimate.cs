using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>Token counts of a call whose vendor did not get to report them, marked as estimates.</summary>
internal static class UsageEstimate
{
    // English and code come to about four bytes a token, other scripts (three bytes a letter in UTF-8) to about three.
    private const int AsciiBytesPerToken = 4;
    private const int OtherBytesPerToken = 3;

    // What the usual vendors charge for an image of middling size.
    private const int TokensPerMedium = 800;

    // A hundred times what the largest windows hold. A few reports beyond it would also end the numbers that sums are kept in.
    private const long MostTokens = 1_000_000_000;

    /// <summary>Whether a call can have used so much.</summary>
    public static bool IsPossible(in Usage usage) => usage.InputTokens <= MostTokens && usage.OutputTokens <= MostTokens;

    /// <summary>What an answer says of its usage; null when it says nothing, or what no call can have used.</summary>
    public static Usage? Told(AnswerFacts? facts) => facts?.Usage is { } told && IsPossible(told) ? told : null;

    /// <summary>What a whole answer used: as reported, else estimated.</summary>
    public static Usage Whole(AnswerFacts facts, RequestOutline outline) => Told(facts) ?? Partial(facts, outline);

    /// <summary>What a broken or cancelled answer had used when it ended.</summary>
    /// <remarks>
    /// Counts that came before the end hold for the input; output and searches of the web are at least what was seen of them.
    /// Counts of an answer that lacked no more than its end mark are the vendor's last word.
    /// </remarks>
    public static Usage Partial(AnswerFacts? facts, RequestOutline outline)
    {
        var told = Told(facts);
        if (facts is { FinishReason: not null } && told is { } last)
        {
            return last;
        }

        var seen = Tokens(facts?.OutputBytes ?? 0, 0);
        return told is { } reported
            ? reported with
            {
                OutputTokens = Math.Max(reported.OutputTokens, seen),
                WebSearches = Math.Max(reported.WebSearches, facts?.WebSearches ?? 0),
                Estimated = true,
            }
            : new()
            {
                InputTokens = Input(outline),
                OutputTokens = seen,
                ServiceTier = ServiceTiers.Served(facts?.ServedAs, outline.ServiceTier),
                InferenceGeo = outline.InferenceGeo,
                WebSearches = facts?.WebSearches ?? 0,
                Estimated = true,
            };
    }

    private static long Input(RequestOutline outline) =>
        Math.Max(1, Tokens(outline.TextBytes, outline.NonAsciiBytes) + outline.TokenIds + ((long)outline.MediaCount * TokensPerMedium));

    private static long Tokens(long bytes, long nonAscii) =>
        ((bytes - nonAscii + AsciiBytesPerToken - 1) / AsciiBytesPerToken) + ((nonAscii + OtherBytesPerToken - 1) / OtherBytesPerToken);
}
