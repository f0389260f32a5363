namespace Sommelier.Wire;

/// <summary>The values of settings of OpenAI's and Anthropic's formats that say only what holds without them: leaving them out loses nothing.</summary>
internal static class UsualValues
{
    /// <summary>Whether a field says only what holds without it.</summary>
    /// <param name="name">The field, or its path in the request.</param>
    /// <param name="value">Its JSON.</param>
    public static bool Holds(string name, ReadOnlySpan<byte> value) => value.SequenceEqual("null"u8) || name switch
    {
        "n" or "top_p" or "temperature" => value.SequenceEqual("1"u8) || value.SequenceEqual("1.0"u8),
        "frequency_penalty" or "presence_penalty" => value.SequenceEqual("0"u8) || value.SequenceEqual("0.0"u8),
        "logprobs" or "store" => value.SequenceEqual("false"u8),
        "parallel_tool_calls" => value.SequenceEqual("true"u8),
        "tool_choice" => value.SequenceEqual("\"auto\""u8) || value.SequenceEqual("{\"type\":\"auto\"}"u8),
        "service_tier" => value.SequenceEqual("\"auto\""u8) || value.SequenceEqual("\"default\""u8),
        "verbosity" or "text.verbosity" => value.SequenceEqual("\"medium\""u8),
        "modalities" => value.SequenceEqual("[\"text\"]"u8),
        "metadata" => value.SequenceEqual("{}"u8),
        _ => false,
    };
}
