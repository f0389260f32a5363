using System.Text.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The parts of the request that an answer repeats, as the caller wrote them or as the vendor's defaults.</summary>
internal static class ResponsesEcho
{
    // Name, and what stands there when the caller said nothing; null where the field is left out then.
    private static readonly (string Name, string? Default)[] Members =
    [
        ("background", "false"), ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("metadata", "{}"),
        ("parallel_tool_calls", "true"), ("previous_response_id", "null"), ("prompt", null), ("prompt_cache_key", "null"),
        ("reasoning", """{"effort":null,"summary":null}"""), ("safety_identifier", "null"), ("service_tier", "\"default\""), ("store", null),
        ("temperature", "null"), ("text", """{"format":{"type":"text"}}"""), ("tool_choice", "\"auto\""), ("tools", "[]"),
        ("top_logprobs", "0"), ("top_p", "null"), ("truncation", "\"disabled\""), ("user", null),
    ];

    /// <summary>The names of all of them.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. Members.Select(static member => member.Name)];

    /// <summary>Writes them into the open answer.</summary>
    public static void Write(ReplyContext context, Utf8JsonWriter writer)
    {
        foreach (var (name, usual) in Members)
        {
            if (context.Outline?.Member(name) is { } given && !context.Request.Span[given.ValueStart..given.End].SequenceEqual("null"u8))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(context.Request.Span[given.ValueStart..given.End], skipInputValidation: true);
            }
            else if (usual is not null)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(usual, skipInputValidation: true);
            }
        }
    }
}
