using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes the tools on offer and the freedom to call them.</summary>
internal static class ResponsesToolWriter
{
    /// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
    public static void Write(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, OptionWriter options, ICollection<Warning> warnings)
    {
        var only = ToolWriter.Only(request.ToolChoice, quirks, warnings, allowedIsNative: true, out var none);
        var written = false;
        foreach (var tool in none ? [] : request.Tools)
        {
            if (only is not null && !only.Contains(tool.Name, StringComparer.Ordinal))
            {
                continue;
            }

            if (IsForeign(tool) && !WebSearchWriter.Takes(tool, quirks, warnings))
            {
                continue;
            }

            if (!written)
            {
                if (!options.Takes("tools", "[]", out _))
                {
                    return;
                }

                writer.WriteStartArray("tools");
                written = true;
            }

            Write(tool, request.Format, quirks, writer, warnings);
        }

        if (!written)
        {
            LostToolChoice.Warn(request.ToolChoice, warnings);
            return;
        }

        writer.WriteEndArray();
        WriteChoice(request, quirks, writer, warnings);
        options.Flag("parallel_tool_calls", request.ParallelToolCalls);
    }

    private static bool IsForeign(ToolDefinition tool) =>
        tool.Opaque is { } opaque && !string.Equals(opaque.Format, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal);

    private static void WriteChoice(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var choice = request.ToolChoice;
        switch (choice)
        {
            case null:
                break;
            case { Mode: ToolChoiceMode.Required } when !quirks.ToolChoice:
                warnings.Add(new Warning("dropped", "tool_choice", "the model cannot be made to call a tool"));
                break;
            case not null when !quirks.ToolChoice:
                break;
            case { Allowed: { } allowed }:
                WriteAllowed(request, choice.Mode, allowed, quirks, writer);
                break;
            case { Mode: ToolChoiceMode.Auto }:
                writer.WriteString("tool_choice", "auto");
                break;
            case { Mode: ToolChoiceMode.None }:
                writer.WriteString("tool_choice", "none");
                break;
            case { Mode: ToolChoiceMode.Named, Name: { } name } when quirks.ToolChoiceNamed:
                writer.WriteStartObject("tool_choice");
                if (request.Tools.Any(tool => IsForeign(tool) && string.Equals(tool.Name, name, StringComparison.Ordinal)))
                {
                    writer.WriteString("type", "web_search");
                }
                else
                {
                    writer.WriteString("type", ToolWriter.IsCustom(request, name, quirks) ? "custom" : "function");
                    writer.WriteString("name", name);
                }

                EndChoice(request, ResponsesExtraFields.ChoicePrefix, writer);
                break;
            default:
                writer.WriteString("tool_choice", quirks.ToolChoiceRequired);
                break;
        }
    }

    private static void WriteAllowed(ChatRequest request, ToolChoiceMode mode, IReadOnlyList<string> allowed, WireQuirks quirks, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", "allowed_tools");
        writer.WriteString("mode", mode == ToolChoiceMode.Required ? "required" : "auto");
        writer.WriteStartArray("tools");
        foreach (var (index, name) in allowed.Index())
        {
            writer.WriteStartObject();
            writer.WriteString("type", ToolWriter.IsCustom(request, name, quirks) ? "custom" : "function");
            writer.WriteString("name", name);
            EndChoice(request, $"{ResponsesExtraFields.ChoicePrefix}tools[{index}].", writer);
        }

        writer.WriteEndArray();
        EndChoice(request, ResponsesExtraFields.ChoicePrefix, writer, ResponsesExtraFields.ChoicePrefix + "tools[");
    }

    private static void EndChoice(ChatRequest request, string prefix, Utf8JsonWriter writer, params ReadOnlySpan<string> deeper)
    {
        Extras.WriteInner(request.Extra, prefix, writer, OpenAIResponsesFormat.FormatName, deeper);
        writer.WriteEndObject();
    }

    private static void Write(ToolDefinition tool, string format, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (IsForeign(tool))
        {
            WebSearchWriter.OpenAI(tool, writer, warnings);
            return;
        }

        if (tool.Opaque is { } opaque)
        {
            writer.WriteRawValue(opaque.Json, skipInputValidation: true);
            return;
        }

        if (tool.Custom is { } custom && quirks.CustomTools)
        {
            WriteCustom(tool, custom, writer, warnings);
            return;
        }

        CustomTool.Warn(tool, warnings);
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteString("name", tool.Name);
        if (tool.Description is not null)
        {
            writer.WriteString("description", tool.Description);
        }

        // The vendor demands the field even of a tool that takes nothing.
        writer.WritePropertyName("parameters");
        writer.WriteRawValue(tool.ParametersSchema ?? """{"type":"object","properties":{}}""", skipInputValidation: true);

        // Unlike elsewhere, schemas are enforced here unless it is said that they are not.
        var isOurs = string.Equals(format, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal);
        if (tool.Strict is { } strict)
        {
            writer.WriteBoolean("strict", strict);
        }
        else if (!isOurs)
        {
            writer.WriteBoolean("strict", false);
        }

        ResponsesItemExtra.Write(tool.Extra, tool.Place, writer, warnings);
        writer.WriteEndObject();
    }

    private static void WriteCustom(ToolDefinition tool, CustomToolInput input, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "custom");
        writer.WriteString("name", tool.Name);
        if (tool.Description is not null)
        {
            writer.WriteString("description", tool.Description);
        }

        if (input.Grammar is not null)
        {
            writer.WriteStartObject("format");
            writer.WriteString("type", "grammar");
            writer.WriteString("syntax", input.Syntax);
            writer.WriteString("definition", input.Grammar);
            Extras.WriteInner(tool.Extra, ResponsesToolReader.FormatPrefix, writer, OpenAIResponsesFormat.FormatName);
            writer.WriteEndObject();
        }

        ResponsesItemExtra.Write(tool.Extra, tool.Place, writer, warnings, ResponsesToolReader.FormatPrefix);
        writer.WriteEndObject();
    }
}
