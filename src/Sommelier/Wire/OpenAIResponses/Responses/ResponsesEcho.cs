using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>
/// The settings that an answer repeats: what the caller asked for without what was lost on the way to whoever answers, or
/// what holds when nothing is said.
/// </summary>
internal static class ResponsesEcho
{
    // Name, and what stands there when nothing is said or what was said is lost; null where the field is left out then.
    private static readonly (string Name, string? Default)[] Members =
    [
        ("background", "false"), ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("metadata", "{}"),
        ("parallel_tool_calls", "true"), ("previous_response_id", "null"), ("prompt", null), ("prompt_cache_key", "null"),
        ("reasoning", """{"effort":null,"summary":null}"""), ("safety_identifier", "null"), ("service_tier", "null"), ("store", null),
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
            // Metadata are kept with the answer here, whoever made it.
            if (context.Outline?.Member(name) is { } given && (name is "metadata" || !IsLost(name, context)) && context.Request[given.ValueStart..given.End] is var value && !value.Span.SequenceEqual("null"u8))
            {
                writer.WritePropertyName(name);
                Value(name, value, context, writer);
            }
            else if (usual is not null)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(usual, skipInputValidation: true);
            }
        }
    }

    private static void Value(string name, ReadOnlyMemory<byte> value, ReplyContext context, Utf8JsonWriter writer)
    {
        if (!context.Losses.Any(loss => NotInForce(loss) && loss.Field.StartsWith(name, StringComparison.Ordinal)))
        {
            writer.WriteRawValue(value.Span, skipInputValidation: true);
            return;
        }

        using var document = JsonDocument.Parse(value);
        Kept(document.RootElement, name, context, writer);
    }

    private static void Kept(JsonElement value, string path, ReplyContext context, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().Where(member => !IsLost($"{path}.{member.Name}", context)))
                {
                    writer.WritePropertyName(member.Name);
                    Kept(member.Value, $"{path}.{member.Name}", context, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var (index, item) in value.EnumerateArray().Index().Where(item => !IsLost($"{path}[{item.Index}]", context)))
                {
                    Kept(item, $"{path}[{index}]", context, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsLost(string path, ReplyContext context)
    {
        foreach (var loss in context.Losses)
        {
            if (NotInForce(loss) && string.Equals(loss.Field, path, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // What is emulated still holds.
    private static bool NotInForce(Warning loss) => loss.Code is "dropped" or "clamped" or "output_capped_by_budget";
}
