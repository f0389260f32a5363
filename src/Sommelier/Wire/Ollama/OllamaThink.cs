using Sommelier.Canonical;

namespace Sommelier.Wire.Ollama;

/// <summary><c>think</c>: yes, no, or for some models how much.</summary>
internal static class OllamaThink
{
    /// <summary>What a bare yes stands for.</summary>
    public const ReasoningEffort On = ReasoningEffort.Medium;

    /// <summary>Reads a level; null for an unknown word.</summary>
    public static ReasoningEffort? Read(string word) => word switch
    {
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "max" => ReasoningEffort.Max,
        _ => null,
    };

    /// <summary>The level for an effort.</summary>
    public static string Level(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.Minimal or ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.Max => "max",
        _ => "high",
    };
}
