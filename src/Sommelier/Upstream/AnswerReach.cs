using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>
/// What a caller asks for that a translated answer cannot bring: it is not asked of the vendor, who would bill it, and the
/// caller is told before anything is sent.
/// </summary>
internal static class AnswerReach
{
    /// <summary>The request without it.</summary>
    /// <param name="request">What the caller asks for.</param>
    /// <param name="logProbs">Whether log probabilities have a place in the vendor's format and in the caller's.</param>
    /// <param name="warnings">Takes what is left out.</param>
    public static ChatRequest Within(ChatRequest request, bool logProbs, ICollection<Warning> warnings)
    {
        var sampling = request.Sampling;
        if (request.Stream && sampling.Choices > 1)
        {
            warnings.Add(new Warning("dropped", "n", "a stream that is translated carries one answer"));
            sampling = sampling with { Choices = null };
        }

        if (!logProbs && (sampling.LogProbs is true || sampling.TopLogProbs is > 0))
        {
            foreach (var field in (ReadOnlySpan<string?>)[sampling.LogProbs is true ? "logprobs" : null, sampling.TopLogProbs is > 0 ? "top_logprobs" : null])
            {
                if (field is not null)
                {
                    warnings.Add(new Warning("dropped", field, "the target's answers say nothing of log probabilities"));
                }
            }

            sampling = sampling with { LogProbs = null, TopLogProbs = null };
        }

        return ReferenceEquals(sampling, request.Sampling) ? request : request with { Sampling = sampling };
    }
}
