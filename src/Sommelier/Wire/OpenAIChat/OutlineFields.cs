using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads single top-level values off the one-pass reader. Null counts as absent everywhere.</summary>
internal static class OutlineFields
{
    /// <summary>
    /// How many tools are on offer, whether one of them is a custom tool or a namespace of tools, whether one searches the web, and where
    /// their list stands.
    /// </summary>
    public static (int Count, bool Custom, bool Searches, Range Range) Tools(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType(name, "a list of tools", reader.TokenType);
        }

        var count = 0;
        var custom = false;
        var searches = false;
        var start = (int)reader.TokenStartIndex;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FieldError.WrongType($"{name}[{count}]", "an object", reader.TokenType);
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                searches |= isType && SearchLimit.IsSearch(ref reader);
                custom |= isType && reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("custom"u8) || reader.ValueTextEquals("namespace"u8));
                reader.Skip();
            }
        }

        return (count, custom, searches, start..(int)reader.BytesConsumed);
    }

    /// <summary>Text, or null.</summary>
    public static string? Text(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => JsonText.Of(ref reader, name),
        JsonTokenType.Null => null,
        _ => throw FieldError.WrongType(name, "a string", reader.TokenType),
    };

    /// <summary>Yes or no.</summary>
    public static bool Flag(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw FieldError.WrongType(name, "true or false", reader.TokenType),
    };

    /// <summary>A whole number from 1 on, or null.</summary>
    public static int? Count(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number)
        {
            throw FieldError.WrongType(name, "a whole number", reader.TokenType);
        }

        if (reader.TryGetInt32(out var value) && value >= 1)
        {
            return value;
        }

        return reader.TryGetDecimal(out var number) && number >= 1 && number <= int.MaxValue && number == decimal.Truncate(number)
            ? (int)number
            : throw FieldError.OutOfRange(name, "a whole number from 1 to 2147483647");
    }

    /// <summary>Any number.</summary>
    public static void CheckNumber(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.Null))
        {
            throw FieldError.WrongType(name, "a number", reader.TokenType);
        }
    }

    /// <summary>A stop text or a list of them.</summary>
    public static void CheckStop(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType(name, "a string or a list of strings", reader.TokenType);
        }

        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw FieldError.WrongType($"{name}[{i}]", "a string", reader.TokenType);
            }
        }
    }

    /// <summary>Whether a <c>stream_options</c> object asks for token counts.</summary>
    public static bool IncludeUsage(ref Utf8JsonReader reader, string name)
    {
        var asked = false;
        if (!Open(ref reader, name))
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var wanted = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (wanted)
            {
                asked = Flag(ref reader, "stream_options.include_usage");
            }

            reader.Skip();
        }

        return asked;
    }

    /// <summary>How free the model is to call tools.</summary>
    public static ToolChoiceMode? Choice(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            var word = JsonText.Of(ref reader, name);
            return OpenAIWords.Choice(word) ?? throw FieldError.Unknown(name, word, "auto, none, required, or an object that names a function");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType(name, "a string or an object", reader.TokenType);
        }

        // {"type":"allowed_tools","allowed_tools":{"mode":"required",…}} carries its mode inside.
        var mode = ToolChoiceMode.Named;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("mode"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    mode = OpenAIWords.Choice(JsonText.Of(ref reader, name)) ?? mode;
                }
            }
        }

        return mode;
    }

    /// <summary>The form of the answer; vendors' own forms count as text.</summary>
    public static ResponseFormatKind Form(ref Utf8JsonReader reader, string name)
    {
        var form = ResponseFormatKind.Text;
        if (!Open(ref reader, name))
        {
            return form;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
            {
                form = Text(ref reader, $"{name}.type") switch
                {
                    "json_object" => ResponseFormatKind.JsonObject,
                    "json_schema" => ResponseFormatKind.JsonSchema,
                    null => throw FieldError.Missing($"{name}.type", "one of: text, json_object, json_schema"),
                    _ => ResponseFormatKind.Text,
                };
            }

            reader.Skip();
        }

        return form;
    }

    /// <summary>The effort in OpenRouter's <c>reasoning</c> object.</summary>
    public static ReasoningEffort? ReasoningObject(ref Utf8JsonReader reader, string name)
    {
        ReasoningEffort? effort = null;
        if (!Open(ref reader, name))
        {
            return null;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isEffort = reader.ValueTextEquals("effort"u8);
            var isEnabled = reader.ValueTextEquals("enabled"u8);
            reader.Read();
            if (isEffort)
            {
                effort = OpenAIWords.Effort(Text(ref reader, "reasoning.effort")) ?? effort;
            }
            else if (isEnabled && reader.TokenType == JsonTokenType.False)
            {
                effort ??= Canonical.ReasoningEffort.None;
            }

            reader.Skip();
        }

        return effort;
    }

    private static bool Open(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.Null => false,
        _ => throw FieldError.WrongType(name, "an object", reader.TokenType),
    };
}
