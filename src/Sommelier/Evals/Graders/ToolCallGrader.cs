using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.ToolCalls;
using Sommelier.Judging;

namespace Sommelier.Evals.Graders;

/// <summary>The answer calls the wanted tools with wanted arguments, and nothing else.</summary>
internal sealed class ToolCallGrader(IReadOnlyList<WantedCall> wanted, bool sameOrder) : IComputedGrader
{
    /// <summary><c>tool-call</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "tool-call",
        "a list of `{ name, arguments }`, or `none`",
        "The answer makes exactly these calls, in any order (`order: same` for this one). Each argument has a list of allowed values, `''` among them where it may be left out. `none`: no tool may be called.",
        Create)
    {
        Example = "{ type: tool-call, value: [{ name: get_weather, arguments: { city: [Paris, 'Paris, France'], unit: [celsius, ''] } }] }",
    };

    /// <inheritdoc/>
    public Grade Judge(GradedAnswer answer)
    {
        var calls = answer.ToolCalls;
        if (calls.Count != wanted.Count)
        {
            return Grade.Fail(string.Create(CultureInfo.InvariantCulture, $"the answer makes {calls.Count} calls, not {wanted.Count}"));
        }

        var tools = wanted.Select(call => OfferedTool.Read(answer.Tools.FirstOrDefault(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal) || string.Equals(tool.Name, call.Name.Replace('.', '_'), StringComparison.Ordinal)))).ToArray();
        if (!sameOrder)
        {
            return Pairing.FirstAlone(wanted.Count, calls.Count, (i, j) => wanted[i].Difference(calls[j], tools[i]) is null) is { } alone
                ? Grade.Fail(wanted.Count == 1 ? wanted[0].Difference(calls[0], tools[0])! : $"no call is the wanted one of {(alone < 0 ? "all" : wanted[alone].Name)}: {Nearest(Math.Max(alone, 0))}")
                : Grade.Pass;
        }

        for (var i = 0; i < wanted.Count; i++)
        {
            if (wanted[i].Difference(calls[i], tools[i]) is { } difference)
            {
                return Grade.Fail(difference);
            }
        }

        return Grade.Pass;

        string Nearest(int index) =>
            calls.Where(call => string.Equals(call.Name, wanted[index].Name, StringComparison.Ordinal)).Select(call => wanted[index].Difference(call, tools[index])).FirstOrDefault(static difference => difference is not null) ?? "none left has its name";
    }

    private static ToolCallGrader Create(GraderSettings settings)
    {
        var calls = new List<WantedCall>();
        switch (settings.Json("value"))
        {
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (Read(list[i]) is { } call)
                    {
                        calls.Add(call);
                    }
                    else
                    {
                        settings.Problem($"value[{i}]", "is not a call", "Write { name: get_weather, arguments: { city: [Paris] } }");
                    }
                }

                break;
            case JsonValue when settings.Text("value") is "none":
                break;
            default:
                settings.Problem("value", "is not a list of calls", "Write [{ name: get_weather, arguments: { city: [Paris] } }], or none");
                break;
        }

        return new(calls, settings.Word("order", "any", "same") is "same");
    }

    // Our own form, or BFCL's: { get_weather: { city: [Paris] } }.
    private static WantedCall? Read(JsonNode? node)
    {
        var (name, arguments) = node switch
        {
            JsonObject own when own["name"] is JsonValue word && word.GetValueKind() == JsonValueKind.String && own.All(static pair => pair.Key is "name" or "arguments") => (word.GetValue<string>(), own["arguments"]),
            JsonObject { Count: 1 } only => (only.First().Key, only.First().Value),
            _ => (null, null),
        };
        if (name is null || arguments is not (null or JsonObject))
        {
            return null;
        }

        using var document = JsonDocument.Parse((arguments ?? new JsonObject()).ToJsonString());
        return new(name, document.RootElement.Clone().EnumerateObject().ToDictionary(static member => member.Name, static member => AllowedValues.Read(member.Value), StringComparer.Ordinal));
    }
}
