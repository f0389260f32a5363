using System.Globalization;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Graders;

/// <summary>Which tools the answer calls, whatever the arguments, the order and how often.</summary>
internal static class ToolCallF1Grader
{
    /// <summary><c>tool-call-f1</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "tool-call-f1",
        "a list of tools' names, or one text with commas",
        "The F1 of the names of the tools that the answer calls and of those that it should is at least `threshold` (1).",
        static settings =>
        {
            var wanted = Names(settings);
            var threshold = settings.Number("threshold", 1, 0, 1);
            return new FunctionGrader(answer =>
            {
                var called = answer.ToolCalls.Select(static call => call.Name).ToHashSet(StringComparer.Ordinal);
                var score = 2.0 * wanted.Count(called.Contains) / (wanted.Count + called.Count);
                return Grade.Of(score, threshold, string.Create(CultureInfo.InvariantCulture, $"F1 is {score:0.000}: the answer calls {(called.Count == 0 ? "nothing" : string.Join(", ", called.Order(StringComparer.Ordinal)))}"));
            });
        })
    {
        Example = "{ type: tool-call-f1, value: [get_weather, get_time], threshold: 0.8 }",
    };

    private static HashSet<string> Names(GraderSettings settings)
    {
        IReadOnlyList<string> given = settings.Json("value") is JsonArray ? settings.Texts("value") : settings.Text("value").Split(',');
        var names = given.Select(static name => name.Trim()).Where(static name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0 && settings.Json("value") is not null)
        {
            settings.Problem("value", "names no tool", "Write [get_weather]");
        }

        return names;
    }
}
