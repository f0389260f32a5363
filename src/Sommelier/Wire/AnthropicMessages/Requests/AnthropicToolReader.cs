using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads the tools on offer and the freedom to call them.</summary>
internal static class AnthropicToolReader
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Reads <c>tools</c>.</summary>
    public static List<ToolDefinition> Tools(JsonFields root)
    {
        var tools = new List<ToolDefinition>();
        if (root.List("tools") is { } list)
        {
            foreach (var element in list.EnumerateArray())
            {
                tools.Add(Tool(JsonFields.Of(element, $"tools[{tools.Count}]")));
            }
        }

        return tools;
    }

    /// <summary>Reads <c>tool_choice</c> and, within it, whether several tools may be called at once.</summary>
    public static ToolChoice? Choice(JsonFields root, out bool? parallel)
    {
        parallel = null;
        if (root.Object("tool_choice") is not { } choice)
        {
            return null;
        }

        parallel = choice.Bool("disable_parallel_tool_use") is { } disabled ? !disabled : null;
        return choice.RequiredText("type", "'auto', 'any', 'tool' or 'none'") switch
        {
            "auto" => new ToolChoice(ToolChoiceMode.Auto),
            "any" => new ToolChoice(ToolChoiceMode.Required),
            "none" => new ToolChoice(ToolChoiceMode.None),
            "tool" => new ToolChoice(ToolChoiceMode.Named, choice.RequiredText("name", "the tool's name")),
            var other => throw FieldError.Unknown("tool_choice.type", other, "auto, any, tool, none"),
        };
    }

    private static ToolDefinition Tool(JsonFields tool)
    {
        var type = tool.Text("type");
        if (type is not (null or "custom"))
        {
            var isSearch = type.StartsWith("web_search_", StringComparison.Ordinal);
            return new ToolDefinition(tool.Text("name") ?? type, null, null, null, isSearch ? WebSearchReader.Rest(tool, Format) : null)
            {
                Place = tool.Place,
                Opaque = new OpaquePart(Format, type, tool.Element.GetRawText()),
                WebSearch = isSearch ? WebSearchReader.Read(tool) : null,
            };
        }

        return new ToolDefinition(
            tool.RequiredText("name", "the tool's name"),
            tool.Text("description"),
            tool.TryGet("input_schema", out var schema) && schema.ValueKind == JsonValueKind.Object ? schema.GetRawText() : null,
            tool.Bool("strict"),
            tool.Unknown(Format, ["type", "name", "description", "input_schema", "strict"])) { Place = tool.Place };
    }
}
