using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes the tools on offer and the freedom to call them.</summary>
internal static class ToolWriter
{
    /// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
    public static void Write(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, OptionWriter options, ICollection<Warning> warnings)
    {
        var choice = request.ToolChoice;
        ToolChoiceExtras.Lost(request, choice?.Mode == ToolChoiceMode.Named && quirks.ToolChoice && quirks.ToolChoiceNamed, warnings);
        var only = Only(choice, quirks, warnings, allowedIsNative: false, out var none);
        var written = false;
        foreach (var tool in none ? [] : request.Tools)
        {
            if (only is not null && !only.Contains(tool.Name, StringComparer.Ordinal))
            {
                continue;
            }

            if (tool.Opaque is { } opaque && !string.Equals(opaque.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
            {
                WebSearchWriter.Lost(opaque, tool.Place, warnings);
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

            Write(tool, quirks, writer, warnings);
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

    /// <summary>Which tools alone are offered, for what the target has no word for: cutting the list says it. Null for all.</summary>
    public static IReadOnlyList<string>? Only(ToolChoice? choice, WireQuirks quirks, ICollection<Warning> warnings, bool allowedIsNative, out bool none)
    {
        none = false;
        switch (choice)
        {
            case { Mode: ToolChoiceMode.None } when !quirks.ToolChoice:
                warnings.Add(new Warning("emulated", "tool_choice", "the model cannot be told not to call tools; none were offered"));
                none = true;
                return null;
            case { Mode: ToolChoiceMode.Named, Name: { } name } when !quirks.ToolChoiceNamed || !quirks.ToolChoice:
                warnings.Add(new Warning("emulated", "tool_choice", "the model cannot be told which tool to call; only that one was offered"));
                return [name];
            case { Allowed: { } allowed } when !allowedIsNative:
                warnings.Add(new Warning("emulated", "tool_choice", "only the allowed tools were offered"));
                return allowed;
            default:
                return null;
        }
    }

    private static void WriteChoice(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var choice = request.ToolChoice;
        if (choice is null)
        {
            return;
        }

        if (!quirks.ToolChoice)
        {
            if (choice.Mode is ToolChoiceMode.Required)
            {
                warnings.Add(new Warning("dropped", "tool_choice", "the model cannot be made to call a tool"));
            }

            return;
        }

        switch (choice.Mode)
        {
            case ToolChoiceMode.Auto:
                writer.WriteString("tool_choice", "auto");
                break;
            case ToolChoiceMode.None:
                writer.WriteString("tool_choice", "none");
                break;
            case ToolChoiceMode.Named when quirks.ToolChoiceNamed:
                var kind = IsCustom(request, choice.Name, quirks) ? "custom" : "function";
                writer.WriteStartObject("tool_choice");
                writer.WriteString("type", kind);
                writer.WriteStartObject(kind);
                writer.WriteString("name", choice.Name);
                ToolChoiceExtras.End(request.Extra, kind, writer);
                break;
            default:
                writer.WriteString("tool_choice", quirks.ToolChoiceRequired);
                break;
        }
    }

    /// <summary>Whether the target knows a tool of that name as one that takes text as it is.</summary>
    public static bool IsCustom(ChatRequest request, string? name, WireQuirks quirks) =>
        quirks.CustomTools && request.Tools.Any(tool => tool.Custom is not null && string.Equals(tool.Name, name, StringComparison.Ordinal));

    private static void Write(ToolDefinition tool, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
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
        writer.WriteStartObject("function");
        writer.WriteString("name", tool.Name);
        if (tool.Description is not null)
        {
            writer.WriteString("description", tool.Description);
        }

        if (tool.ParametersSchema is not null)
        {
            writer.WritePropertyName("parameters");
            writer.WriteRawValue(tool.ParametersSchema, skipInputValidation: true);
        }

        if (tool.Strict is { } strict)
        {
            writer.WriteBoolean("strict", strict);
        }

        Extras.WriteInner(tool.Extra, ToolReader.Inner, writer, OpenAIChatFormat.FormatName);
        writer.WriteEndObject();
        Extras.Write(tool.Extra, writer, OpenAIChatFormat.FormatName, tool.Place, warnings, ToolReader.Inner);
        writer.WriteEndObject();
    }

    private static void WriteCustom(ToolDefinition tool, CustomToolInput input, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "custom");
        writer.WriteStartObject("custom");
        writer.WriteString("name", tool.Name);
        if (tool.Description is not null)
        {
            writer.WriteString("description", tool.Description);
        }

        if (input.Grammar is not null)
        {
            writer.WriteStartObject("format");
            writer.WriteString("type", "grammar");
            writer.WriteStartObject("grammar");
            writer.WriteString("definition", input.Grammar);
            writer.WriteString("syntax", input.Syntax);
            Extras.WriteInner(tool.Extra, ToolReader.Grammar, writer, OpenAIChatFormat.FormatName);
            writer.WriteEndObject();
            Extras.WriteInner(tool.Extra, ToolReader.CustomFormat, writer, OpenAIChatFormat.FormatName, ToolReader.Grammar);
            writer.WriteEndObject();
        }

        Extras.WriteInner(tool.Extra, ToolReader.Custom, writer, OpenAIChatFormat.FormatName, ToolReader.CustomFormat);
        writer.WriteEndObject();
        Extras.Write(tool.Extra, writer, OpenAIChatFormat.FormatName, tool.Place, warnings, ToolReader.Custom);
        writer.WriteEndObject();
    }
}
