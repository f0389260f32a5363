using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>How the form of the answer is asked for: by the target's own field, by instructions, or by both.</summary>
/// <param name="Sent">The form to send in <c>response_format</c>; null for none.</param>
/// <param name="Instructions">Words for the model where the target cannot be held to the form; null for none.</param>
internal sealed record FormWriter(ResponseFormat? Sent, string? Instructions)
{
    /// <summary>Whether the form goes as it was asked for.</summary>
    public bool AsAsked => Sent is not null && Instructions is null;

    /// <summary>Decides for a request and a target.</summary>
    public static FormWriter Plan(ChatRequest request, WireQuirks quirks, ICollection<Warning> warnings)
    {
        var form = request.ResponseFormat;
        if (form is null)
        {
            return new FormWriter(null, null);
        }

        switch (form.Kind)
        {
            case ResponseFormatKind.JsonSchema when quirks.JsonSchema == JsonSchemaSupport.JsonObjectOnly:
                warnings.Add(new Warning("emulated", "response_format", "the model knows only free JSON; the schema was put into the instructions"));
                return new FormWriter(new ResponseFormat(ResponseFormatKind.JsonObject), FormWords.Schema(form));
            case ResponseFormatKind.JsonSchema when quirks.JsonSchema == JsonSchemaSupport.None:
                warnings.Add(new Warning("emulated", "response_format", "the model has no JSON mode; the schema was put into the instructions"));
                return new FormWriter(null, FormWords.Schema(form));
            case ResponseFormatKind.JsonObject when quirks.JsonSchema == JsonSchemaSupport.None:
                warnings.Add(new Warning("emulated", "response_format", "the model has no JSON mode; it was asked for in the instructions"));
                return new FormWriter(null, FormWords.Object);
            default:
                return new FormWriter(form, null);
        }
    }

    /// <summary>Writes the field.</summary>
    /// <param name="own">The extras of the request, where they are of this format.</param>
    /// <param name="writer">Stands in the request's object.</param>
    /// <param name="warnings">Takes the losses.</param>
    public void Write(Extra? own, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (!AsAsked)
        {
            FormExtras.Lost(own, FormExtras.Chat, warnings);
        }

        if (Sent is null)
        {
            return;
        }

        writer.WriteStartObject("response_format");
        switch (Sent.Kind)
        {
            case ResponseFormatKind.Text:
                writer.WriteString("type", "text");
                break;
            case ResponseFormatKind.JsonObject:
                writer.WriteString("type", "json_object");
                break;
            default:
                writer.WriteString("type", "json_schema");
                WriteSchema(Sent, own, writer);
                break;
        }

        if (AsAsked)
        {
            FormExtras.Write(own, FormExtras.Chat, writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteSchema(ResponseFormat form, Extra? own, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("json_schema");

        // The name is demanded here and unknown to other formats.
        writer.WriteString("name", form.Name ?? "answer");
        if (form.Description is not null)
        {
            writer.WriteString("description", form.Description);
        }

        writer.WritePropertyName("schema");
        writer.WriteRawValue(form.Schema ?? "{}", skipInputValidation: true);
        if (form.Strict is { } strict)
        {
            writer.WriteBoolean("strict", strict);
        }

        FormExtras.Write(own, FormExtras.ChatSchema, writer);
        writer.WriteEndObject();
    }
}
