using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes <c>toolConfig</c>. There is no "none", and tools that the conversation has used must be on offer.</summary>
internal static class ConverseToolWriter
{
    private const string Format = BedrockConverseFormat.FormatName;

    /// <summary>Writes the member, where there is something to say.</summary>
    public static void Write(
        ChatRequest request, WireTarget target, AnthropicAnswerForm form, List<AnthropicTurn> turns, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var tools = Offered(request, turns, warnings);
        if (form.ToolSchema is { } schema)
        {
            tools.Add(new ToolDefinition(AnthropicAnswerTool.Name, AnthropicAnswerTool.Description, schema));
        }

        if (tools.Count == 0)
        {
            LostToolChoice.Warn(request.ToolChoice, warnings);
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            Tool(tool, writer, warnings);
        }

        writer.WriteEndArray();
        Choice(request, target.Quirks, form, writer, warnings);
        Extras.WriteInner(request.Extra, ConverseToolReader.Prefix, writer, Format, ConverseToolReader.ChoicePrefix);
        writer.WriteEndObject();
    }

    private static List<ToolDefinition> Offered(ChatRequest request, List<AnthropicTurn> turns, ICollection<Warning> warnings)
    {
        CustomTool.Warn(request.Tools, warnings);
        var tools = new List<ToolDefinition>(request.Tools.Count);
        foreach (var tool in request.Tools)
        {
            if (tool.Opaque is not { } opaque || string.Equals(opaque.Format, Format, StringComparison.Ordinal))
            {
                tools.Add(tool);
            }
            else
            {
                WebSearchWriter.Lost(opaque, tool.Place, warnings);
            }
        }

        if (request.ToolChoice?.Mode == ToolChoiceMode.None && tools.Count > 0)
        {
            warnings.Add(new Warning("emulated", "tool_choice", "the target has no tool choice of none; no tool is offered"));
            tools.Clear();
        }
        else if (request.ToolChoice?.Allowed is { } allowed)
        {
            warnings.Add(new Warning("emulated", "tool_choice", "only the allowed tools were offered"));
            tools.RemoveAll(tool => tool.Opaque is null && !allowed.Contains(tool.Name, StringComparer.Ordinal));
        }

        foreach (var call in turns.SelectMany(static turn => turn.Parts).OfType<ToolCallPart>())
        {
            if (!tools.Exists(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal)))
            {
                tools.Add(request.Tools.FirstOrDefault(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal)) ?? Stub(call.Name, warnings));
            }
        }

        return tools;
    }

    private static ToolDefinition Stub(string name, ICollection<Warning> warnings)
    {
        warnings.Add(new Warning("emulated", "tools", $"the conversation holds calls of '{name}'; it is named, with the words not to call it"));
        return new ToolDefinition(name, "Was called before in this conversation; do not call it again.", null);
    }

    private static void Tool(ToolDefinition tool, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (tool.Opaque is { } opaque)
        {
            writer.WriteRawValue(opaque.Json, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec"u8);
        writer.WriteString("name"u8, tool.Name);
        if (!string.IsNullOrEmpty(tool.Description))
        {
            writer.WriteString("description"u8, tool.Description);
        }

        writer.WriteStartObject("inputSchema"u8);
        writer.WritePropertyName("json"u8);
        AnthropicToolWriter.InputSchema(tool.ParametersSchema, writer);
        Extras.WriteInner(tool.Extra, ConverseToolReader.SchemaPrefix, writer, Format);
        writer.WriteEndObject();
        if (tool.Strict is { } strict)
        {
            writer.WriteBoolean("strict"u8, strict);
        }

        Extras.WriteInner(tool.Extra, ConverseToolReader.SpecPrefix, writer, Format, ConverseToolReader.SchemaPrefix);
        writer.WriteEndObject();
        Extras.Write(tool.Extra, writer, Format, tool.Place, warnings, ConverseToolReader.SpecPrefix);
        writer.WriteEndObject();
    }

    /// <summary>Whether a call is forced by us or another dialect's caller, beside which Claude does not think.</summary>
    public static bool IsForced(ChatRequest request, AnthropicAnswerForm form) =>
        form.ToolSchema is not null
        || (request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named && request.Tools.Count > 0 && !string.Equals(request.Format, Format, StringComparison.Ordinal));

    private static void Choice(ChatRequest request, WireQuirks quirks, AnthropicAnswerForm form, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var named = form.ToolSchema is not null && request.Tools.Count == 0 ? AnthropicAnswerTool.Name : request.ToolChoice is { Mode: ToolChoiceMode.Named } choice ? choice.Name : null;
        var required = named is null && (form.ToolSchema is not null || request.ToolChoice?.Mode == ToolChoiceMode.Required);
        if (named is null && !required && request.ToolChoice?.Mode != ToolChoiceMode.Auto)
        {
            return;
        }

        if (!quirks.ToolChoice)
        {
            warnings.Add(new Warning("dropped", "tool_choice", "the target cannot be told"));
            return;
        }

        writer.WriteStartObject("toolChoice"u8);
        var kind = named is not null ? "tool" : required ? "any" : "auto";
        writer.WriteStartObject(kind);
        if (named is not null)
        {
            writer.WriteString("name"u8, named);
        }

        Extras.WriteInner(request.Extra, $"{ConverseToolReader.ChoicePrefix}{kind}.", writer, Format);
        writer.WriteEndObject();
        Extras.WriteInner(request.Extra, ConverseToolReader.ChoicePrefix, writer, Format, $"{ConverseToolReader.ChoicePrefix}{kind}.");
        writer.WriteEndObject();
    }
}
