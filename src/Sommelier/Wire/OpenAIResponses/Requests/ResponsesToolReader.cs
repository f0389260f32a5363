using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads tools on offer and the freedom to call them.</summary>
internal static class ResponsesToolReader
{
    private const string Choices = "auto, none, required, or an object that names a tool";

    /// <summary>The prefix of unknown fields that stood in a custom tool's <c>format</c>.</summary>
    public const string FormatPrefix = "format.";

    /// <summary>All tools, in order; those that run at the vendor are kept as they are.</summary>
    public static IReadOnlyList<ToolDefinition> ReadAll(JsonFields request)
    {
        if (request.List("tools") is not { } list)
        {
            return [];
        }

        var tools = new List<ToolDefinition>(list.GetArrayLength());
        foreach (var element in list.EnumerateArray())
        {
            tools.Add(Read(JsonFields.Of(element, $"tools[{tools.Count}]")));
        }

        return tools;
    }

    /// <summary>How free the model is; null when not said, or said in words that only the vendor knows.</summary>
    public static ToolChoice? ReadChoice(JsonFields request)
    {
        if (!request.TryGet("tool_choice", out var value) || IsVendors(value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            var word = JsonFields.Text(value, "tool_choice");
            return new ToolChoice(OpenAIWords.Choice(word) ?? throw FieldError.Unknown("tool_choice", word, Choices));
        }

        var choice = JsonFields.Of(value, "tool_choice");
        if (choice.Text("type") is not "allowed_tools")
        {
            return new ToolChoice(ToolChoiceMode.Named, choice.RequiredText("name", "the name of a tool on offer"));
        }

        var names = new List<string>();
        foreach (var tool in choice.List("tools")?.EnumerateArray() ?? default)
        {
            names.Add(JsonFields.Of(tool, $"tool_choice.tools[{names.Count}]").RequiredText("name", "the name of a tool on offer"));
        }

        return new ToolChoice(choice.Text("mode") is "required" ? ToolChoiceMode.Required : ToolChoiceMode.Auto, null, names);
    }

    /// <summary>Whether a choice names something that only the vendor knows: its own tools, alone or among the allowed ones.</summary>
    public static bool IsVendors(JsonElement choice)
    {
        if (choice.ValueKind != JsonValueKind.Object || TypeOf(choice) is not { } type)
        {
            return false;
        }

        if (type is not "allowed_tools")
        {
            return type is not ("function" or "custom");
        }

        return choice.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array
            && tools.EnumerateArray().Any(static tool => TypeOf(tool) is not ("function" or "custom"));
    }

    private static string? TypeOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    /// <summary>One tool; one that runs at the vendor is kept as it is.</summary>
    public static ToolDefinition Read(JsonFields tool) => Definition(tool) with { Place = tool.Place };

    private static ToolDefinition Definition(JsonFields tool)
    {
        var type = tool.RequiredText("type", "the kind of tool, e.g. \"function\"");
        if (type is "custom")
        {
            var format = tool.Object("format");
            return CustomTool.Define(
                tool.RequiredText("name", "the tool's name"), tool.Text("description"), format?.Text("syntax"), format?.Text("definition"),
                Extras.Join(ResponsesItemExtra.Of(tool, ["type", "name", "description", "format"]), format is { } form ? Extras.Within(FormatPrefix, ResponsesItemExtra.Of(form, ["type", "syntax", "definition"])) : null));
        }

        if (type is not "function")
        {
            // A search that may not leave OpenAI's own index has no like elsewhere: another vendor's would go to the web.
            var isSearch = type.StartsWith("web_search", StringComparison.Ordinal) && tool.Bool("external_web_access") is not false;
            return new ToolDefinition(tool.Text("name") ?? type, null, null, null, isSearch ? WebSearchReader.Rest(tool, OpenAIResponsesFormat.FormatName) : null)
            {
                Opaque = new OpaquePart(OpenAIResponsesFormat.FormatName, type, tool.Element.GetRawText()),
                WebSearch = isSearch ? WebSearchReader.Read(tool) : null,
            };
        }

        return new ToolDefinition(
            tool.RequiredText("name", "the function's name"), tool.Text("description"), tool.Object("parameters")?.Element.GetRawText(),
            tool.Bool("strict"), ResponsesItemExtra.Of(tool, ["type", "name", "description", "parameters", "strict"]));
    }
}
