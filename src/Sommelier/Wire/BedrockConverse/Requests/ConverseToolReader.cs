using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads <c>toolConfig</c>.</summary>
internal static class ConverseToolReader
{
    private const string Format = BedrockConverseFormat.FormatName;

    /// <summary>The prefix of unknown fields that stood in <c>toolConfig</c>.</summary>
    public const string Prefix = "toolConfig.";

    /// <summary>The tools on offer; cache points and Bedrock's own tools as they are.</summary>
    public static List<ToolDefinition> Tools(JsonFields root, List<KeyValuePair<string, string>> extra)
    {
        var tools = new List<ToolDefinition>();
        if (root.Object("toolConfig") is not { } config)
        {
            return tools;
        }

        if (config.Unknown(Format, ["tools", "toolChoice"]) is { } unknown)
        {
            extra.AddRange(unknown.Fields.Select(static field => KeyValuePair.Create(Prefix + field.Key, field.Value)));
        }

        foreach (var item in config.List("tools")?.EnumerateArray() ?? default)
        {
            var tool = JsonFields.Of(item, $"toolConfig.tools[{tools.Count}]");
            tools.Add(tool.Object("toolSpec") is { } spec
                ? new ToolDefinition(
                    spec.RequiredText("name", "the tool's name"), spec.Text("description"), spec.Object("inputSchema")?.Raw("json"), spec.Bool("strict"),
                    spec.Unknown(Format, ["name", "description", "inputSchema", "strict"])) { Place = spec.Place }
                : Other(tool));
        }

        return tools;
    }

    /// <summary>How free the model is to call them; null when not said.</summary>
    public static ToolChoice? Choice(JsonFields root)
    {
        if (root.Object("toolConfig")?.Object("toolChoice") is not { } choice)
        {
            return null;
        }

        return choice.Object("tool") is { } named ? new ToolChoice(ToolChoiceMode.Named, named.RequiredText("name", "the tool's name"))
            : choice.TryGet("any", out _) ? new ToolChoice(ToolChoiceMode.Required)
            : choice.TryGet("auto", out _) ? new ToolChoice(ToolChoiceMode.Auto)
            : throw FieldError.Missing(choice.At("auto"), "one of auto, any, tool");
    }

    private static ToolDefinition Other(JsonFields tool)
    {
        var kind = tool.Element.EnumerateObject().Select(static property => property.Name).FirstOrDefault() ?? "tool";
        return new ToolDefinition(kind, null, null) { Opaque = new OpaquePart(Format, kind, tool.Element.GetRawText()), Place = tool.Place };
    }
}
