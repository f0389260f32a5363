using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Reports;

/// <summary>Answers and their failures as text.</summary>
internal static class ReportText
{
    /// <summary>What an answer says and calls.</summary>
    public static string Answer(EvalAnswer answer) =>
        string.Join('\n', [answer.Text, .. answer.ToolCalls.Select(static call => $"{call.Name}({call.Arguments})")]).Trim();

    /// <summary>Which expectations are not met, and why; what is missing where nothing could be judged.</summary>
    public static string Failures(EvalResult result) => result.Answer is null
        ? result.Error
        : string.Join("; ", result.Grades.Where(static grade => grade.State != GradeState.Passed).Select(static grade =>
            $"{grade.Kind}{(grade.State == GradeState.Missing ? " could not be judged" : "")}{(grade.Reason.Length > 0 ? $": {grade.Reason}" : "")}"));

    /// <summary>A text cut to so many letters.</summary>
    public static string Cut(string text, int letters) => text.Length <= letters ? text : $"{text.AsSpan(0, letters)}…";
}
