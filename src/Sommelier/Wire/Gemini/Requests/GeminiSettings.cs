using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <summary>What <c>generationConfig</c> says.</summary>
internal sealed record GeminiSettings(
    int? MaxOutputTokens, Sampling Sampling, ResponseFormat? ResponseFormat, Reasoning? Reasoning, Extra? Extra)
{
    /// <summary>Nothing said.</summary>
    public static GeminiSettings None { get; } = new(null, Sampling.Default, null, null, null);

    /// <summary>The prefix of unknown fields that stood in <c>generationConfig</c>.</summary>
    public const string Prefix = "generationConfig.";
}
