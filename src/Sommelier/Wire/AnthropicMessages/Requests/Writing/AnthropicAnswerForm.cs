using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>How the form that the caller asked for is had from a target: natively, by a forced tool, or by instructions.</summary>
/// <param name="NativeSchema">The schema for <c>output_config.format</c>; null for none.</param>
/// <param name="ToolSchema">The schema of the tool that stands in for a JSON mode; null for none.</param>
internal readonly record struct AnthropicAnswerForm(string? NativeSchema, string? ToolSchema)
{
    /// <summary>Decides, and adds instructions where only words are left.</summary>
    /// <param name="request">The request.</param>
    /// <param name="quirks">How far the target can be held to a schema.</param>
    /// <param name="system">Takes the instructions.</param>
    /// <param name="warnings">Takes what is emulated.</param>
    /// <param name="describes">Whether the target's native form has a place of its own for what a schema is for.</param>
    public static AnthropicAnswerForm For(
        ChatRequest request, WireQuirks quirks, List<ContentPart> system, ICollection<Warning> warnings, bool describes = false)
    {
        switch (request.ResponseFormat)
        {
            case { Kind: ResponseFormatKind.JsonObject }:
                system.Add(new TextPart(FormWords.Object));
                warnings.Add(new Warning("emulated", "response_format", "the target has no JSON mode; it is asked in words"));
                return default;
            case { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema } form:
                return Schema(request, describes && quirks.AsksSchema ? schema : DescribedSchema.Of(form), quirks, system, warnings);
            default:
                return default;
        }
    }

    private static AnthropicAnswerForm Schema(
        ChatRequest request, string schema, WireQuirks quirks, List<ContentPart> system, ICollection<Warning> warnings)
    {
        if (FormWords.AsksRest(request) && !IsOwn(request))
        {
            return InWords(request, "a schema mode writes whole answers, and this one is begun; the schema is given in words and the answer is checked", system, warnings);
        }

        if (quirks.AsksSchema)
        {
            // A schema of this dialect's own caller is sent as it came: the caller knows the API's rules.
            if ((IsOwn(request) ? schema : AnthropicSchema.Sanitize(schema, warnings)) is { } closed)
            {
                return new(closed, null);
            }

            return InWords(request, "the model's schema mode has no objects with free keys; the schema is given in words and the answer is checked", system, warnings);
        }

        // Arguments are an object, a call must be forced, and a name of the caller's must not be taken for ours.
        if (quirks.ToolChoice && AnthropicSchema.IsObject(schema) && !request.Tools.Any(static tool => string.Equals(tool.Name, AnthropicAnswerTool.Name, StringComparison.Ordinal)))
        {
            warnings.Add(new Warning("emulated", "response_format", "the model has no schema mode; a forced tool stands in for it"));
            return new(null, schema);
        }

        return InWords(request, "the model has no schema mode; the schema is given in words", system, warnings);
    }

    private static AnthropicAnswerForm InWords(ChatRequest request, string why, List<ContentPart> system, ICollection<Warning> warnings)
    {
        system.Add(new TextPart(FormWords.Schema(request.ResponseFormat!)));
        warnings.Add(new Warning("emulated", "response_format", why));
        return default;
    }

    private static bool IsOwn(ChatRequest request) => string.Equals(request.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal);
}
