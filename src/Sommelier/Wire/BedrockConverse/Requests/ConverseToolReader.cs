using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads <c>toolConfig</c>.</summary>
internal static class ConverseToolReader
{
    private const string Format = BedrockConverseFormat.FormatName;

    /// <summary>The prefix of unknown fields that stood in <c>toolConfig</c>.</summary>
    public const string Prefix = "toolConfig.";

    /// <summary>The prefix of those that stood in the choice.</summary>
    public const string ChoicePrefix = Prefix + "toolChoice.";

    /// <summary>The prefix of those that stood beside the schema in a tool's <c>inputSchema</c>.</summary>
    public const string SchemaPrefix = "toolSpec.inputSchema.";

    /// <summary>The prefix of those that stood in a tool's <c>toolSpec</c>.</summary>
    public const string SpecPrefix = "toolSpec.";

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

        if (config.Object("toolChoice") is { } choice)
        {
            extra.AddRange(Extras.Within(ChoicePrefix, choice.Unknown(Format, ["auto", "any", "tool"]))?.Fields ?? []);
            foreach (var kind in (ReadOnlySpan<string>)["auto", "any", "tool"])
            {
                extra.AddRange(Extras.Within($"{ChoicePrefix}{kind}.", choice.Object(kind)?.Unknown(Format, kind is "tool" ? ["name"] : []))?.Fields ?? []);
            }
        }

        foreach (var item in config.List("tools")?.EnumerateArray() ?? default)
        {
            var tool = JsonFields.Of(item, $"toolConfig.tools[{tools.Count}]");
            tools.Add(tool.Object("toolSpec") is { } spec
                ? new ToolDefinition(
                    spec.RequiredText("name", "the tool's name"), spec.Text("description"), spec.Object("inputSchema")?.Raw("json"), spec.Bool("strict"),
                    ConverseBlockReader.Unknown(tool, "toolSpec", ["name", "description", "inputSchema", "strict"], "inputSchema", "json")) { Place = tool.Place }
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
