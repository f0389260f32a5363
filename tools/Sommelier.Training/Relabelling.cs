using Sommelier.Canonical;

namespace Sommelier.Training;

/// <summary>Labels of public rows that contradict our definitions as a class, set right by rule.</summary>
internal static class Relabelling
{
    /// <summary>One source files requests to translate under "rewrite"; left so, a translation in Chinese reads as rewriting.</summary>
    private static readonly string[] AsksToTranslate = ["翻译", "译成", "译为", "英译", "中译"];

    public static Intent Of(string source, Intent label, string text) =>
        source == "belle_eval" && label == Intent.Rewriting && AsksToTranslate.Any(word => text.Contains(word, StringComparison.Ordinal))
            ? Intent.Translation
            : label;
}
