using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>The top-level fields of a request that are read; others pass through.</summary>
internal static class AnthropicFields
{
    private static readonly string[] Names =
    [
        "model", "max_tokens", "messages", "system", "stream", "tools", "tool_choice", "temperature", "top_p", "top_k",
        "stop_sequences", "metadata", "thinking", "output_config", "output_format", CallerHintsReader.Member,
    ];

    /// <summary>The fields, for readers that keep the rest.</summary>
    public static ReadOnlySpan<string> All => Names;
}
