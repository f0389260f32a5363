using System.Globalization;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>
/// Says as tools of the request, which every format has, what only this format knows: tools in a namespace, and tools that
/// an item of the input adds. Codex sends both.
/// </summary>
/// <remarks>Shapes: <c>NamespaceTool</c> and <c>AdditionalTools</c> of the official clients' types.</remarks>
internal static class ResponsesPlainTools
{
    // What OpenAI's and Google's formats take; others take more.
    private const int LongestName = 64;

    /// <summary>The function's name for a tool in a namespace: both names, at most 64 characters.</summary>
    public static string Name(string group, string name)
    {
        var whole = $"{group}__{name}";
        if (whole.Length <= LongestName)
        {
            return whole;
        }

        var hash = default(StableHash);
        hash.Add(Encoding.UTF8.GetBytes(whole));
        var mark = hash.Value.ToString("x16", CultureInfo.InvariantCulture)[..8];
        return $"{whole[..(LongestName - mark.Length - 1)]}_{mark}";
    }

    /// <summary>The tools of a request and of its <c>additional_tools</c> items. Of two with one name the later one counts.</summary>
    public static IReadOnlyList<ToolDefinition> ReadAll(JsonFields request)
    {
        var tools = new OrderedDictionary<string, ToolDefinition>(StringComparer.Ordinal);
        Add(request, null, tools);
        if (request.TryGet("input", out var input) && input.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var element in input.EnumerateArray())
            {
                var item = JsonFields.Item(element, request, "input", index++);
                if (item.Text("type") is "additional_tools")
                {
                    Add(item, null, tools);
                }
            }
        }

        return [.. tools.Values];
    }

    /// <summary>A call of a tool in a namespace, as one of the function that stands for it; every other part as it is.</summary>
    /// <param name="part">The part.</param>
    /// <param name="item">The item that it was read from.</param>
    public static ContentPart Call(ContentPart part, JsonFields item) => part is ToolCallPart call && item.Text("namespace") is { Length: > 0 } group
        ? call with { Name = Name(group, call.Name), Extra = ResponsesItemExtra.Of(item, ["type", "call_id", "name", "namespace", "arguments", "input"]) }
        : part;

    /// <summary>A choice of tools by the names that the caller gave them, as one by the functions' names.</summary>
    public static ToolChoice? Choose(ToolChoice? choice, IReadOnlyList<ToolDefinition> tools)
    {
        string Of(string name)
        {
            var meant = tools.Where(tool => string.Equals(tool.Origin?.Name, name, StringComparison.Ordinal)).ToList();
            return meant is [var only] && !tools.Any(tool => string.Equals(tool.Name, name, StringComparison.Ordinal)) ? only.Name : name;
        }

        return choice is null or { Name: null, Allowed: null } ? choice : choice with
        {
            Name = choice.Name is { } name ? Of(name) : null,
            Allowed = choice.Allowed?.Select(Of).ToList(),
        };
    }

    private static void Add(JsonFields owner, JsonFields? group, OrderedDictionary<string, ToolDefinition> tools)
    {
        var index = 0;
        foreach (var element in owner.List("tools")?.EnumerateArray() ?? default)
        {
            var tool = JsonFields.Item(element, owner, "tools", index++);
            if (group is null && tool.Text("type") is "namespace")
            {
                Add(tool, tool, tools);
                continue;
            }

            var read = ResponsesToolReader.Read(tool);

            // A vendor's own tools may share a name, which is their type.
            if (read.Opaque is not null)
            {
                tools[$"{read.Name} {tools.Count}"] = read;
                continue;
            }

            read = group is { } named ? Within(named, read) : read;
            tools[read.Name] = read;
        }
    }

    private static ToolDefinition Within(JsonFields group, ToolDefinition tool)
    {
        var origin = new ToolOrigin(group.RequiredText("name", "the namespace's name"), tool.Name);
        return tool with { Name = Name(origin.Namespace, origin.Name), Description = Join(group.Text("description"), tool.Description), Origin = origin };
    }

    private static string? Join(string? first, string? second) =>
        string.IsNullOrEmpty(first) ? second : string.IsNullOrEmpty(second) ? first : $"{first}\n\n{second}";
}
