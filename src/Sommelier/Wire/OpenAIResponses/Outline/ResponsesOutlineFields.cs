using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads the top-level values off the one-pass reader that this dialect writes in its own way.</summary>
internal static class ResponsesOutlineFields
{
    /// <summary>The form of the answer, in the <c>text</c> object.</summary>
    public static ResponseFormatKind Form(ref Utf8JsonReader reader, string name)
    {
        var form = ResponseFormatKind.Text;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return form;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType(name, "an object", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isFormat = reader.ValueTextEquals("format"u8);
            reader.Read();
            if (isFormat)
            {
                form = OutlineFields.Form(ref reader, "text.format");
            }
            else
            {
                reader.Skip();
            }
        }

        return form;
    }

    /// <summary>How free the model is to call tools; null where only the vendor knows what is meant (its own tools).</summary>
    public static ToolChoiceMode? Choice(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return OutlineFields.Choice(ref reader, name);
        }

        ToolChoiceMode? named = null;
        ToolChoiceMode? mode = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isMode = reader.ValueTextEquals("mode"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                named = reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("custom"u8) ? ToolChoiceMode.Named : null;
            }
            else if (isMode && reader.TokenType == JsonTokenType.String)
            {
                mode = OpenAIWords.Choice(JsonText.Of(ref reader, name));
            }

            reader.Skip();
        }

        return mode ?? named;
    }

    /// <summary>Refuses what asks the vendor to keep state that callers of a gateway cannot reach.</summary>
    public static void Refuse(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is JsonTokenType.Null or JsonTokenType.False)
        {
            return;
        }

        // An answer that is made later would have to be fetched from whichever provider makes it; a vendor's conversation
        // belongs to the key of the gateway, not to the caller.
        throw WireException.Invalid(name, name is "background"
            ? "'background' asks for an answer to be fetched later, and answers are only sent at once here. Leave it out; send stream: true for long answers."
            : "'conversation' names a conversation that a vendor keeps, which is not reached through the gateway. Send the items in 'input', or continue with 'previous_response_id'.");
    }
}
