using System.Text.Json.Nodes;
using Sommelier.Evals.Json;

namespace Sommelier.Evals.Graders;

/// <summary>promptfoo's <c>equals</c>: an object or list is compared as JSON, everything else letter by letter.</summary>
internal static class EqualsGrader
{
    private static readonly JsonComparison Same = new();

    /// <summary><c>equals</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "equals",
        "a text, or an object or list",
        "The answer is the text, letter by letter and nothing around it; of an object or list, the answer is JSON of the same value.",
        Create)
    {
        Example = "{ type: equals, value: { city: Paris, population: 2102650 } }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        if (settings.Json("value") is JsonObject or JsonArray)
        {
            var wanted = settings.Element("value");
            return new(answer => JsonText.Parse(answer.Text) is { } found ? Of(Same.Difference(wanted, found)) : Grade.Fail("the answer is not JSON"));
        }

        var text = settings.Text("value");
        return new(answer => Grade.Of(string.Equals(answer.Text, text, StringComparison.Ordinal), $"the answer is not '{text}'"));
    }

    private static Grade Of(string? difference) => Grade.Of(difference is null, difference ?? "");
}
