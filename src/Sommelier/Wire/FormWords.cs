using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>The form of an answer, in words for models that cannot be held to it.</summary>
internal static class FormWords
{
    /// <summary>Asks for any object.</summary>
    public const string Object = "Answer with one JSON object and nothing else: no prose, no code fences.";

    /// <summary>Asks for the rest of an answer that the caller has begun.</summary>
    public const string GoOn =
        "Your last message is the beginning of your answer. Go on with it from the very character where it stops: write only what comes next, without repeating any of it.";

    private const string Mark = "It must be valid against this JSON Schema:\n";

    /// <summary>Asks for what matches a form's schema.</summary>
    public static string Schema(ResponseFormat form) =>
        $"Answer with one JSON document and nothing else: no prose, no code fences. {Mark}{form.Schema}"
        + (form.Description is null ? "" : $"\nWhat it is for: {form.Description}");

    /// <summary>Whether only the rest of an answer is asked for, which no schema mode and no tool gives: they write whole answers.</summary>
    public static bool AsksRest(ChatRequest request) => request.Messages is [.., var last]
        && (last.Role == Role.Assistant || last is { Role: Role.User, Parts: [TextPart { Text: GoOn }] });

    /// <summary>The form that a request asks for in these words, for who plays a model; null where it does not.</summary>
    public static ResponseFormat? AskedBy(ChatRequest request)
    {
        foreach (var part in request.SystemInstructions)
        {
            if (part is not TextPart { Text: var text })
            {
                continue;
            }

            if (text.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
            {
                return new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: FirstValue(text[(at + Mark.Length)..]));
            }

            if (text.Contains(Object, StringComparison.Ordinal))
            {
                return new ResponseFormat(ResponseFormatKind.JsonObject);
            }
        }

        return null;
    }

    private static string FirstValue(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, JsonLimits.Reader);
        try
        {
            reader.Read();
            reader.Skip();
            return Encoding.UTF8.GetString(bytes, 0, (int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            // Somebody else's words.
            return "{}";
        }
    }
}
