namespace Sommelier.Wire.Ollama;

/// <summary>Which of the two endpoints is spoken: they differ in where the words stand.</summary>
internal enum OllamaShape
{
    /// <summary><c>messages</c> in, <c>message</c> out.</summary>
    Chat,

    /// <summary><c>prompt</c> in, <c>response</c> out.</summary>
    Generate,
}

/// <summary>What follows from it.</summary>
internal static class OllamaShapes
{
    /// <summary>The format's name.</summary>
    public static string Format(this OllamaShape shape) => shape == OllamaShape.Chat ? OllamaFormat.FormatName : OllamaGenerateFormat.FormatName;
}
