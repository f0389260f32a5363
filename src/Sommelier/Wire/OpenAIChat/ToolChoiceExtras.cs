using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Unknown members of what says how free the model is to call tools. They stand among a request's own extras by their whole
/// path, as those of its form do (<see cref="FormExtras"/>).
/// </summary>
internal static class ToolChoiceExtras
{
    /// <summary>What the names of those of <c>tool_choice</c> begin with.</summary>
    public const string Prefix = "tool_choice.";

    /// <summary>What the names of those of the older <c>function_call</c> begin with.</summary>
    public const string Legacy = "function_call.";

    private static readonly string[] Kinds = ["function", "custom", "allowed_tools"];

    /// <summary>Takes those of a request.</summary>
    public static void Collect(JsonFields request, ref List<KeyValuePair<string, string>>? fields)
    {
        if (request.TryGet("function_call", out var call))
        {
            FormExtras.Collect(call, Legacy, ["name"], ref fields);
        }

        if (!request.TryGet("tool_choice", out var choice) || choice.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        FormExtras.Collect(choice, Prefix, ["type", "name", .. Kinds], ref fields);
        foreach (var kind in Kinds)
        {
            if (!choice.TryGetProperty(kind, out var named) || named.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            var path = $"{Prefix}{kind}.";
            FormExtras.Collect(named, path, kind is "allowed_tools" ? ["mode", "tools"] : ["name"], ref fields);
            if (kind is "allowed_tools" && named.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array)
            {
                Collect(tools, path + "tools", ref fields);
            }
        }
    }

    private static void Collect(JsonElement tools, string path, ref List<KeyValuePair<string, string>>? fields)
    {
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            var item = $"{path}[{index++}].";
            FormExtras.Collect(tool, item, ["type", "name", "function", "custom"], ref fields);
            foreach (var kind in (ReadOnlySpan<string>)["function", "custom"])
            {
                if (tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty(kind, out var named))
                {
                    FormExtras.Collect(named, $"{item}{kind}.", ["name"], ref fields);
                }
            }
        }
    }

    /// <summary>Writes those of a named choice into it, which is open in its inner object, and ends both.</summary>
    public static void End(Extra? extra, string kind, Utf8JsonWriter writer)
    {
        var inner = $"{Prefix}{kind}.";
        Extras.WriteInner(extra, inner, writer, OpenAIChatFormat.FormatName);
        writer.WriteEndObject();
        Extras.WriteInner(extra, Prefix, writer, OpenAIChatFormat.FormatName, inner);
        writer.WriteEndObject();
    }

    /// <summary>Whether a field is one of these, which stand at no top level.</summary>
    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) || name.StartsWith(Legacy, StringComparison.Ordinal);

    /// <summary>Warns of those that the target's choice has no place for: it is said in a word, or by cutting the list of tools.</summary>
    public static void Lost(ChatRequest request, bool isNamed, ICollection<Warning> warnings)
    {
        if (!string.Equals(request.Extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (name, _) in request.Extra!.Fields)
        {
            if (name.StartsWith(Legacy, StringComparison.Ordinal) || (!isNamed && name.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                warnings.Add(new Warning("dropped", name, "the choice of tools is said in another way"));
            }
        }
    }
}
