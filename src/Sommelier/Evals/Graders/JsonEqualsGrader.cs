using Sommelier.Evals.Json;

namespace Sommelier.Evals.Graders;

/// <summary>The answer is JSON of the same value, but for what the settings allow.</summary>
internal static class JsonEqualsGrader
{
    /// <summary><c>json-equals</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "json-equals",
        "any JSON",
        "The answer is JSON of the same value. `subset`: its objects may have more members; `any_order`: lists are bags; `tolerance`, `relative_tolerance`: how far numbers may be off; `in_text`: it may stand among other words.",
        Create)
    {
        Example = "{ type: json-equals, value: { total: 12.5, items: [a, b] }, subset: true, any_order: true, tolerance: 0.01 }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var wanted = settings.Element("value");
        if (wanted is null)
        {
            settings.Problem("value", "is missing", "Add the JSON value that is wanted");
        }

        var comparison = new JsonComparison
        {
            Subset = settings.Flag("subset", false),
            AnyOrder = settings.Flag("any_order", false),
            Tolerance = settings.Number("tolerance", 0, 0),
            RelativeTolerance = settings.Number("relative_tolerance", 0, 0),
        };
        var inText = settings.Flag("in_text", false);
        return new(answer =>
        {
            var reason = inText ? "there is no JSON in the answer" : "the answer is not JSON";
            foreach (var found in inText ? JsonText.Find(answer.Text) : JsonText.Parse(answer.Text) is { } whole ? [whole] : [])
            {
                if (comparison.Difference(wanted, found) is not { } difference)
                {
                    return Grade.Pass;
                }

                reason = difference;
            }

            return Grade.Fail(reason);
        });
    }
}
