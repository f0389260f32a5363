using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>The top-level names of a request, so that known ones cost no string. The usual ones stand first.</summary>
internal static class MemberNames
{
    private static readonly NameTable Names = new(
        "model", "messages", "stream", "temperature", "max_tokens", "max_completion_tokens", "tools", "tool_choice",
        "stream_options", "response_format", "reasoning_effort", "top_p", "stop", "user", "seed", "n", "sommelier",
        "parallel_tool_calls", "frequency_penalty", "presence_penalty", "metadata", "store", "service_tier", "logprobs",
        "top_logprobs", "logit_bias", "reasoning", "thinking", "top_k", "min_p", "prompt_cache_key", "safety_identifier",
        "functions", "function_call", "modalities", "audio", "prediction", "verbosity", "web_search_options",
        "extra_body", "provider", "chat_template_kwargs", "enable_thinking", "thinking_budget");

    /// <summary>The name at which a reader stands.</summary>
    public static string Of(ref Utf8JsonReader reader) => Names.Of(ref reader);
}
