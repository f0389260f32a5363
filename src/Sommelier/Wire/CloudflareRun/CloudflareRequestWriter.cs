using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.CloudflareRun;

/// <summary>Writes a request: OpenAI's, less the model (which the address names), with a schema in Cloudflare's place for it.</summary>
internal static class CloudflareRequestWriter
{
    /// <inheritdoc cref="IRequestWire.Write"/>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        var form = IsAsked(request.ResponseFormat, target.Quirks) ? request.ResponseFormat : null;
        OpenAIChatFormat.Instance.Requests.Write(
            request with { ResponseFormat = form is null ? request.ResponseFormat : null, Messages = WithoutSilence(request.Messages) },
            target with { Quirks = Adapt(target.Quirks) },
            body,
            warnings);

        // The other writer puts the model first; the messages always follow it.
        var written = body.WrittenSpan;
        var reader = new Utf8JsonReader(written, JsonLimits.Reader);
        reader.Read();
        reader.Read();
        reader.Read();
        var rest = written[((int)reader.BytesConsumed + 1)..];
        output.Write("{"u8);
        output.Write(form is null ? rest : rest[..^1]);
        if (form is not null)
        {
            output.Write(",\"response_format\":{"u8);
            output.Write(Form(form).Span);
            output.Write("}}"u8);
        }
    }

    private static WireQuirks Adapt(WireQuirks quirks) => quirks with
    {
        MaxTokensField = "max_tokens",
        DeveloperRole = false,

        // Counts come in the stream's last event without being asked for, and there is no word for a choice of tools.
        StreamUsage = StreamUsageRule.Always,
        ToolChoice = false,
        RemoteImages = false,
    };

    // What the model is only asked for in words is the other writer's affair.
    private static bool IsAsked(ResponseFormat? form, WireQuirks quirks) => form?.Kind switch
    {
        ResponseFormatKind.JsonSchema => quirks.AsksSchema,
        ResponseFormatKind.JsonObject => quirks.JsonSchema != JsonSchemaSupport.None,
        _ => false,
    };

    // The schema stands bare here, without OpenAI's name around it.
    private static ReadOnlyMemory<byte> Form(ResponseFormat form) => JsonBytes.Members(writer =>
    {
        writer.WriteString("type", form.Kind == ResponseFormatKind.JsonSchema ? "json_schema" : "json_object");
        if (form is { Kind: ResponseFormatKind.JsonSchema, Schema: not null })
        {
            writer.WritePropertyName("json_schema");
            writer.WriteRawValue(DescribedSchema.Of(form), skipInputValidation: true);
        }
    });

    // Content must be a string even where the model only called tools: null, which OpenAI's clients send, is refused.
    private static IReadOnlyList<Message> WithoutSilence(IReadOnlyList<Message> messages) =>
        messages.Any(IsSilent) ? [.. messages.Select(static message => IsSilent(message) ? message with { Parts = [new TextPart(""), .. message.Parts] } : message)] : messages;

    private static bool IsSilent(Message message) => message.Role == Role.Assistant && !message.Parts.Any(static part => part is TextPart);
}
