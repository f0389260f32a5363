using System.Globalization;
using Sommelier.Evals.Json;
using Sommelier.Evals.Text;
using Sommelier.Judging;

namespace Sommelier.Evals.Graders;

/// <summary>The answer's number is the wanted one, or near it.</summary>
internal static class NumberGrader
{
    /// <summary><c>number</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "number",
        "a number",
        "The answer's number is the wanted one, within `tolerance` or `relative_tolerance` (0.01 is one percent). It is what follows `####`, stands in `\\boxed{}`, or follows `label`; else the answer's last one.",
        Create)
    {
        Example = "{ type: number, value: 1234.5, relative_tolerance: 0.01, label: Answer }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var mark = settings.Word("decimal_mark", ".", ",")[0];
        var text = settings.Text("value");
        var wanted = FoundNumber.Last(text);
        if (wanted is null)
        {
            settings.Problem("value", "is not a number", "Write one number");
        }

        var near = new JsonComparison { Tolerance = settings.Number("tolerance", 0, 0), RelativeTolerance = settings.Number("relative_tolerance", 0, 0) };
        var label = settings.OptionalText("label");
        var asShare = settings.Flag("percent_as_share", false);
        return new(answer =>
        {
            if (Find(answer.Text, label, mark) is not { } found)
            {
                return Grade.Fail("there is no number in the answer");
            }

            var value = Shaped(found);
            return Grade.Of(near.IsNear(Shaped(wanted!.Value), value), string.Create(CultureInfo.InvariantCulture, $"the answer's number is {value}"));
        });

        double Shaped(FoundNumber number) => asShare && number.IsPercent ? number.Value / 100 : number.Value;
    }

    private static FoundNumber? Find(string text, string? label, char mark)
    {
        if (label is not null && FinalAnswer.After(text, label) is { } said && FoundNumber.First(said, 0, mark) is { } labelled)
        {
            return labelled;
        }

        return FinalAnswer.AfterHashes(text) is { } marked && FoundNumber.First(marked, 0, mark) is { } number ? number
            : FinalAnswer.Boxed(text) is { } boxed && FoundNumber.Last(boxed, mark) is { } inBox ? inBox
            : FoundNumber.Last(text, mark);
    }
}
