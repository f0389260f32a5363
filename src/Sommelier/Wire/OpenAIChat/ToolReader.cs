using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads tools on offer and the freedom to call them, the legacy <c>functions</c> among them.</summary>
internal static class ToolReader
{
    /// <summary>The prefix of a field that stands inside a tool's <c>function</c> object, in <see cref="Extra"/>.</summary>
    public const string Inner = "function.";

    /// <summary>The same of a tool's <c>custom</c> object, and of those inside it.</summary>
    public const string Custom = "custom.";

    /// <inheritdoc cref="Custom"/>
    public const string CustomFormat = "custom.format.";

    /// <inheritdoc cref="Custom"/>
    public const string Grammar = "custom.format.grammar.";

    /// <summary>All tools, in order.</summary>
    public static IReadOnlyList<ToolDefinition> ReadAll(JsonFields request)
    {
        var tools = request.List("tools");
        var functions = request.List("functions");
        if (tools is null && functions is null)
        {
            return [];
        }

        var read = new List<ToolDefinition>();
        var index = 0;
        foreach (var tool in tools?.EnumerateArray() ?? default)
        {
            read.Add(ReadTool(JsonFields.Of(tool, $"tools[{index++}]")));
        }

        index = 0;
        foreach (var function in functions?.EnumerateArray() ?? default)
        {
            read.Add(ReadFunction(JsonFields.Of(function, $"functions[{index++}]"), null));
        }

        return read;
    }

    /// <summary>How free the model is; null when not said.</summary>
    public static ToolChoice? ReadChoice(JsonFields request)
    {
        var name = request.TryGet("tool_choice", out var value) ? "tool_choice" : "function_call";
        if (!request.TryGet(name, out value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            var word = JsonFields.Text(value, name);
            return new ToolChoice(OpenAIWords.Choice(word)
                ?? throw FieldError.Unknown(name, word, "auto, none, required, or an object that names a function"));
        }

        var choice = JsonFields.Of(value, name);
        if (choice.Object("allowed_tools") is { } allowed)
        {
            return ReadAllowed(allowed);
        }

        var named = choice.Object("function") ?? choice.Object("custom") ?? choice;
        return new ToolChoice(ToolChoiceMode.Named, named.RequiredText("name", "the name of a tool on offer"));
    }

    private static ToolChoice ReadAllowed(JsonFields allowed)
    {
        var names = new List<string>();
        foreach (var tool in allowed.List("tools")?.EnumerateArray() ?? default)
        {
            var fields = JsonFields.Of(tool, $"{allowed.Path}.tools[{names.Count}]");
            names.Add((fields.Object("function") ?? fields.Object("custom") ?? fields).RequiredText("name", "the name of a tool on offer"));
        }

        var mode = allowed.Text("mode") is "required" ? ToolChoiceMode.Required : ToolChoiceMode.Auto;
        return new ToolChoice(mode, null, names);
    }

    private static ToolDefinition ReadTool(JsonFields tool)
    {
        var type = tool.Text("type") ?? "function";
        if (type is "function")
        {
            var function = tool.Object("function") ?? throw FieldError.Missing(tool.At("function"), "an object with name and parameters");
            return ReadFunction(function, tool.Unknown(OpenAIChatFormat.FormatName, ["type", "function"])) with { Place = tool.Place };
        }

        if (type is "custom" && tool.Object("custom") is { } custom)
        {
            var format = custom.Object("format");
            var grammar = format?.Object("grammar");
            var extra = Extras.Join(tool.Unknown(OpenAIChatFormat.FormatName, ["type", "custom"]), Extras.Within(Custom, custom.Unknown(OpenAIChatFormat.FormatName, ["name", "description", "format"])));
            extra = Extras.Join(extra, Extras.Within(CustomFormat, format?.Unknown(OpenAIChatFormat.FormatName, ["type", "grammar"])));
            extra = Extras.Join(extra, Extras.Within(Grammar, grammar?.Unknown(OpenAIChatFormat.FormatName, ["syntax", "definition"])));
            return CustomTool.Define(
                custom.RequiredText("name", "the tool's name"), custom.Text("description"), grammar?.Text("syntax"), grammar?.Text("definition"),
                extra) with { Place = tool.Place };
        }

        var name = tool.Object(type)?.Text("name") ?? tool.Text("name") ?? type;
        return new ToolDefinition(name, null, null)
        {
            Place = tool.Place,
            Opaque = new OpaquePart(OpenAIChatFormat.FormatName, type, tool.Element.GetRawText()),
        };
    }

    private static ToolDefinition ReadFunction(JsonFields function, Extra? outer)
    {
        var name = function.RequiredText("name", "the function's name");
        var inner = function.Unknown(OpenAIChatFormat.FormatName, ["name", "description", "parameters", "strict"]);
        return new ToolDefinition(
            name, function.Text("description"), function.Object("parameters")?.Element.GetRawText(), function.Bool("strict"), Extras.Join(outer, Extras.Within(Inner, inner))) { Place = function.Place };
    }
}
