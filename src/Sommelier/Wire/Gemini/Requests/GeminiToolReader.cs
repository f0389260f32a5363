using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolReader
{
    private const string Format = GeminiFormat.FormatName;

    private static readonly string[] Known = GeminiNames.Both("name", "description", "parameters", "parametersJsonSchema");

    /// <summary>The tools on offer: functions one by one, Google's own as they are.</summary>
    public static List<ToolDefinition> Tools(JsonFields root)
    {
        var tools = new List<ToolDefinition>();
        if (root.List("tools") is not { } list)
        {
            return tools;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var tool = JsonFields.Of(item, $"tools[{index++}]");
            foreach (var property in item.EnumerateObject())
            {
                if (property.Name is "functionDeclarations" or "function_declarations")
                {
                    Functions(tool, property.Name, tools);
                }
                else
                {
                    var raw = $"{{{Quoted(property.Name)}:{property.Value.GetRawText()}}}";
                    var isSearch = property.Name is "googleSearch" or "google_search" or "googleSearchRetrieval" or "google_search_retrieval";
                    tools.Add(new ToolDefinition(property.Name, null, null, null, isSearch && property.Value.ValueKind == JsonValueKind.Object ? Extras.Collect(property.Value, Format, []) : null)
                    {
                        Place = new(tool.Path, property.Name),
                        Opaque = new OpaquePart(Format, property.Name, raw),
                        WebSearch = isSearch ? new WebSearch() : null,
                    });
                }
            }
        }

        return tools;
    }

    /// <summary>How free the model is to call tools.</summary>
    /// <param name="root">The request.</param>
    /// <param name="extra">Takes what else the member says.</param>
    public static ToolChoice? Choice(JsonFields root, out Extra? extra)
    {
        extra = null;
        if (root.Object(root.Used("toolConfig")) is not { } config)
        {
            return null;
        }

        extra = Extras.Within("toolConfig.", config.Unknown(Format, GeminiNames.Both("functionCallingConfig")));

        if (config.Object(config.Used("functionCallingConfig")) is not { } calling)
        {
            return null;
        }

        extra = Extras.Join(extra, Extras.Within("toolConfig.functionCallingConfig.", calling.Unknown(Format, GeminiNames.Both("mode", "allowedFunctionNames"))));
        var allowed = Names(calling);
        return calling.Text("mode")?.ToUpperInvariant() switch
        {
            null or "MODE_UNSPECIFIED" => null,
            "AUTO" or "VALIDATED" => new ToolChoice(ToolChoiceMode.Auto, Allowed: allowed),
            "ANY" => allowed is [var only] ? new ToolChoice(ToolChoiceMode.Named, only) : new ToolChoice(ToolChoiceMode.Required, Allowed: allowed),
            "NONE" => new ToolChoice(ToolChoiceMode.None),
            var word => throw FieldError.Unknown(calling.At("mode"), word, "AUTO, ANY, NONE, VALIDATED"),
        };
    }

    private static void Functions(JsonFields tool, string member, List<ToolDefinition> tools)
    {
        var index = 0;
        foreach (var item in tool.List(member)!.Value.EnumerateArray())
        {
            var function = JsonFields.Of(item, $"{tool.At(member)}[{index++}]");
            var schema = function.TryGet("parametersJsonSchema", out var json, out _) ? json.GetRawText()
                : function.TryGet("parameters", out var old) ? GeminiSchema.ToJsonSchema(old)
                : null;
            tools.Add(new ToolDefinition(
                function.RequiredText("name", "the function's name"), function.Text("description"), schema, Extra: function.Unknown(Format, Known)) { Place = function.Place });
        }
    }

    private static List<string>? Names(JsonFields calling)
    {
        var name = calling.Used("allowedFunctionNames");
        if (calling.List(name) is not { } list || list.GetArrayLength() == 0)
        {
            return null;
        }

        return [.. list.EnumerateArray().Select(item => JsonFields.Text(item, calling.At(name)))];
    }

    private static string Quoted(string name) => $"\"{JsonEncodedText.Encode(name)}\"";
}
