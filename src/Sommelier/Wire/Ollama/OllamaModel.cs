namespace Sommelier.Wire.Ollama;

/// <summary>Names of models as Ollama's clients write them.</summary>
internal static class OllamaModel
{
    private const string Usual = ":latest";

    /// <summary>The name without the tag that every client adds by itself.</summary>
    public static string Name(string name) => name.EndsWith(Usual, StringComparison.Ordinal) ? name[..^Usual.Length] : name;
}
