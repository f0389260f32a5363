using System.Text;

namespace Sommelier.Catalog;

/// <summary>Brings the many spellings of a model id to one, so that a model is recognised wherever it is hosted.</summary>
/// <remarks><c>us.anthropic.claude-opus-4-6-v1:0</c>, <c>anthropic/claude-opus-4.6</c> and <c>claude-opus-4-6@default</c> are one model.</remarks>
internal static class CanonicalName
{
    private static readonly string[] HostPrefixes = ["us.", "eu.", "apac.", "au.", "jp.", "ca.", "in.", "us-gov.", "global."];

    private static readonly string[] Makers =
    [
        "anthropic.", "amazon.", "meta.", "mistral.", "cohere.", "ai21.", "deepseek.", "openai.", "qwen.", "google.",
        "moonshot.", "moonshotai.", "minimax.", "nvidia.", "writer.", "zai.", "xai.", "tii.", "stability.", "twelvelabs.",
    ];

    private static readonly string[] Endings =
        ["-maas", "-fp8-fast", "-fp8", "-fp4", "-nvfp4", "-bf16", "-tput", "-turbo-fp8", "-instruct", "-it", "-chat-hf", "-versatile", "-instant"];

    // What local servers add to a model's name: how its weights are stored.
    private static readonly string[] Quantisations =
        ["-q2", "-q3", "-q4", "-q5", "-q6", "-q8", "-gguf", "-mlx", "-awq", "-gptq", "-int4", "-int8", "-fp16"];

    /// <summary>A looser key for the names of local servers: <c>llama3.3:70b-instruct-q4_K_M</c> is <c>llama-3.3-70b-instruct</c>.</summary>
    public static string LooseKey(string id)
    {
        var text = id.ToLowerInvariant();
        foreach (var mark in Quantisations)
        {
            var at = text.IndexOf(mark, StringComparison.Ordinal);
            if (at > 0)
            {
                text = text[..at];
            }
        }

        return Key(text).Replace("-", "", StringComparison.Ordinal);
    }

    /// <summary>The spelling to compare by: lower case, no host, maker, version or precision, <c>-</c> between all parts.</summary>
    public static string Key(string id)
    {
        var text = Bare(id);
        foreach (var ending in Endings)
        {
            if (text.EndsWith(ending, StringComparison.Ordinal) && text.Length > ending.Length)
            {
                text = text[..^ending.Length];
            }
        }

        var key = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            key.Append(letter is '.' or '_' or ':' or ' ' ? '-' : letter);
        }

        return key.ToString();
    }

    /// <summary>The id without host, maker and version, in lower case: what an unknown model is called.</summary>
    public static string Bare(string id)
    {
        var text = id.ToLowerInvariant();
        text = text[(text.LastIndexOf('/') + 1)..];
        foreach (var prefix in HostPrefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                text = text[prefix.Length..];
                break;
            }
        }

        foreach (var maker in Makers)
        {
            if (text.StartsWith(maker, StringComparison.Ordinal))
            {
                text = text[maker.Length..];
                break;
            }
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > 0)
        {
            // Vertex writes its version after an at sign: a date is part of the name, "default" is not.
            text = text[(at + 1)..] is "default" or "latest" ? text[..at] : $"{text[..at]}-{text[(at + 1)..]}";
        }

        var colon = text.LastIndexOf(':');
        if (colon > 0)
        {
            // Bedrock ends in "-v1:0"; Ollama's tag is a size, which is part of the name, or "latest".
            var tag = text[(colon + 1)..];
            text = tag.Length == 1 && char.IsAsciiDigit(tag[0]) ? text[..colon]
                : tag is "latest" or "cloud" ? text[..colon]
                : text;
        }

        return BedrockVersion(text);
    }

    private static string BedrockVersion(string text)
    {
        var v = text.LastIndexOf("-v", StringComparison.Ordinal);
        return v > 0 && v + 3 == text.Length && char.IsAsciiDigit(text[v + 2]) && text.StartsWith("claude", StringComparison.Ordinal)
            ? text[..v]
            : text;
    }
}
