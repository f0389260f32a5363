using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Writes <c>tools</c>. There is no tool choice: what can be had by what is offered is emulated.</summary>
internal static class OllamaToolWriter
{
    /// <summary>Writes the member, where there is something to say.</summary>
    public static void Write(ChatRequest request, OllamaShape shape, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.Tools.Count == 0)
        {
            return;
        }

        if (shape == OllamaShape.Generate)
        {
            warnings.Add(new Warning("dropped", "tools", "a completion has no tools"));
            return;
        }

        var offered = Offered(request, warnings);
        if (offered.Length == 0)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        foreach (var tool in offered)
        {
            Tool(tool, shape, writer, warnings);
        }

        writer.WriteEndArray();
    }

    private static ToolDefinition[] Offered(ChatRequest request, ICollection<Warning> warnings)
    {
        CustomTool.Warn(request.Tools, warnings);
        var choice = request.ToolChoice;
        var allowed = choice?.Mode == ToolChoiceMode.Named ? [choice.Name!] : choice?.Allowed;
        var tools = allowed is null ? [.. request.Tools] : request.Tools.Where(tool => allowed.Contains(tool.Name, StringComparer.Ordinal)).ToArray();
        switch (choice?.Mode)
        {
            case ToolChoiceMode.None:
                warnings.Add(new Warning("emulated", "tool_choice", "the target has no tool choice; no tool is offered"));
                return [];
            case ToolChoiceMode.Required:
                warnings.Add(new Warning("dropped", "tool_choice", "the target cannot be made to call a tool"));
                break;
            case ToolChoiceMode.Named:
                warnings.Add(new Warning("emulated", "tool_choice", "the target has no tool choice; only that tool is offered"));
                break;
            case ToolChoiceMode.Auto when allowed is not null:
                warnings.Add(new Warning("emulated", "tool_choice", "only the allowed tools were offered"));
                break;
        }

        return tools;
    }

    private static void Tool(ToolDefinition tool, OllamaShape shape, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (tool.Opaque is { } opaque)
        {
            if (string.Equals(opaque.Format, shape.Format(), StringComparison.Ordinal))
            {
                writer.WriteRawValue(opaque.Json, skipInputValidation: true);
            }
            else
            {
                WebSearchWriter.Lost(opaque, tool.Place, warnings);
            }

            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is not null)
        {
            writer.WriteString("description"u8, tool.Description);
        }

        writer.WritePropertyName("parameters"u8);
        writer.WriteRawValue(tool.ParametersSchema ?? """{"type":"object","properties":{}}""", skipInputValidation: true);
        writer.WriteEndObject();
        StrictTool.Warn(tool, warnings);
        Extras.Write(tool.Extra, writer, shape.Format(), tool.Place, warnings);
        writer.WriteEndObject();
    }
}
