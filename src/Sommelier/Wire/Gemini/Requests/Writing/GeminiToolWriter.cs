using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolWriter
{
    private const string Format = GeminiFormat.FormatName;

    /// <summary>The prefix of unknown fields that stood in <c>toolConfig</c>.</summary>
    public const string Prefix = "toolConfig.";

    private const string Calling = Prefix + "functionCallingConfig.";

    /// <summary>Writes both, where there is something to say.</summary>
    public static void Write(ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        CustomTool.Warn(request.Tools, warnings);
        var functions = request.Tools.Where(static tool => tool.Opaque is null).ToArray();
        var others = Others(request, functions.Length > 0, quirks, warnings);
        if (functions.Length + others.Count > 0)
        {
            writer.WriteStartArray("tools"u8);
            Functions(functions, writer, warnings);
            Others(others, writer, warnings);
            writer.WriteEndArray();
        }
        else if (!string.Equals(request.Format, Format, StringComparison.Ordinal))
        {
            LostToolChoice.Warn(request.ToolChoice, warnings);
            return;
        }

        Choice(request, writer, warnings);
    }

    private static void Functions(ToolDefinition[] tools, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (tools.Length == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations"u8);
        foreach (var tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, tool.Name);
            if (tool.Description is not null)
            {
                writer.WriteString("description"u8, tool.Description);
            }

            if (tool.ParametersSchema is not null)
            {
                writer.WritePropertyName("parametersJsonSchema"u8);
                writer.WriteRawValue(tool.ParametersSchema, skipInputValidation: true);
            }

            StrictTool.Warn(tool, warnings);
            Extras.Write(tool.Extra, writer, Format, tool.Place, warnings);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<ToolDefinition> Others(ChatRequest request, bool hasFunctions, WireQuirks quirks, ICollection<Warning> warnings)
    {
        var others = new List<ToolDefinition>();
        foreach (var tool in request.Tools)
        {
            if (tool.Opaque is null)
            {
                continue;
            }

            if (IsForeign(tool) && tool.WebSearch is not null && hasFunctions)
            {
                // Most models refuse both at once; the caller's own tools matter more.
                warnings.Add(new Warning("dropped", tool.Place.ToString(), "the target takes functions or a web search, not both"));
            }
            else if (!IsForeign(tool) || WebSearchWriter.Takes(tool, quirks, warnings))
            {
                others.Add(tool);
            }
        }

        return others;
    }

    private static void Others(List<ToolDefinition> tools, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        foreach (var tool in tools)
        {
            if (IsForeign(tool))
            {
                WebSearchWriter.Google(tool, writer, warnings);
            }
            else
            {
                writer.WriteRawValue(tool.Opaque!.Json, skipInputValidation: true);
            }
        }
    }

    private static bool IsForeign(ToolDefinition tool) => !string.Equals(tool.Opaque?.Format, Format, StringComparison.Ordinal);

    private static void Choice(ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var more = string.Equals(request.Extra?.Format, Format, StringComparison.Ordinal)
            ? request.Extra!.Fields.Where(static field => field.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToArray()
            : [];
        var choice = request.ToolChoice;
        if (choice is { Mode: ToolChoiceMode.Named } && request.Tools.Any(tool => tool.Opaque is not null && string.Equals(tool.Name, choice.Name, StringComparison.Ordinal)))
        {
            warnings.Add(new Warning("dropped", "tool_choice", "the target cannot be made to use a tool of its host"));
            choice = null;
        }

        if (choice is null && more.Length == 0)
        {
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        if (choice is not null)
        {
            writer.WriteStartObject("functionCallingConfig"u8);
            Extras.WriteInner(request.Extra, Calling, writer, Format);
            writer.WriteString("mode"u8, choice.Mode switch { ToolChoiceMode.None => "NONE"u8, ToolChoiceMode.Auto => choice.Allowed is null ? "AUTO"u8 : "VALIDATED"u8, _ => "ANY"u8 });
            var allowed = choice.Mode == ToolChoiceMode.Named ? [choice.Name!] : choice.Allowed;
            if (allowed is not null)
            {
                writer.WriteStartArray("allowedFunctionNames"u8);
                foreach (var name in allowed)
                {
                    writer.WriteStringValue(name);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        foreach (var (name, json) in more.Where(static field => !field.Key.StartsWith(Calling, StringComparison.Ordinal)))
        {
            writer.WritePropertyName(name.AsSpan(Prefix.Length));
            writer.WriteRawValue(json, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }
}
