using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <summary>Efforts in Google's two currencies: levels (Gemini 3) and budgets in tokens (Gemini 2.5).</summary>
/// <remarks>The budgets of the words are those of Google's own OpenAI-compatible endpoint: low 1,024, medium 8,192, high 24,576.</remarks>
internal static class GeminiThinking
{
    /// <summary>The budget of an effort; 0 turns thinking off.</summary>
    public static int Budget(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => 0,
        ReasoningEffort.Minimal => 512,
        ReasoningEffort.Low => 1_024,
        ReasoningEffort.Medium => 8_192,
        ReasoningEffort.High => 24_576,
        _ => 32_768,
    };

    /// <summary>The effort that a budget comes nearest to.</summary>
    public static ReasoningEffort Effort(int budget) => budget switch
    {
        <= 0 => ReasoningEffort.None,
        <= 768 => ReasoningEffort.Minimal,
        <= 4_096 => ReasoningEffort.Low,
        <= 16_384 => ReasoningEffort.Medium,
        _ => ReasoningEffort.High,
    };

    /// <summary>The level of an effort.</summary>
    public static string Level(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None or ReasoningEffort.Minimal => "MINIMAL",
        ReasoningEffort.Low => "LOW",
        ReasoningEffort.Medium => "MEDIUM",
        _ => "HIGH",
    };

    /// <summary>The nearest effort that a model takes; the effort itself when nothing is known of the model.</summary>
    public static ReasoningEffort Nearest(ReasoningEffort effort, IReadOnlyList<ReasoningEffort> known)
    {
        if (known.Count == 0)
        {
            return effort;
        }

        var nearest = known[0];
        foreach (var candidate in known)
        {
            if (Math.Abs((int)candidate - (int)effort) < Math.Abs((int)nearest - (int)effort))
            {
                nearest = candidate;
            }
        }

        return nearest;
    }
}
