using System.Globalization;
using Sommelier.Evals.Judges;
using Sommelier.Judging;

namespace Sommelier.Evals.Graders;

/// <summary>One judge, or a majority of several, says how well an answer meets what the suite asks for.</summary>
internal sealed class RubricGrader : IGrader
{
    private readonly Rubric rubric;
    private readonly string given;
    private readonly double? threshold;
    private readonly JudgePanel panel;

    private RubricGrader(GraderSettings settings, Rubric rubric)
    {
        this.rubric = rubric;
        given = settings.Text("value");
        threshold = settings.Json("threshold") is null ? null : settings.Number("threshold", 0.5, min: 0, max: 1);
        panel = JudgePanel.Of(settings);
    }

    /// <summary>The registry's line of the free rubric.</summary>
    public static GraderKind Kind { get; } = new("llm-rubric", "what a good answer does", "A judge model scores how well the answer meets the text.", static settings => new RubricGrader(settings, Rubric.Criterion))
    {
        Example = "{ type: llm-rubric, value: 'Says where the Rhine ends, and nothing of other rivers.', judge: openai/gpt-6-luna }",
        IsJudge = true,
    };

    /// <summary>The registry's line of agreement with a reference.</summary>
    public static GraderKind Factuality { get; } = new("factuality", "a true answer", "A judge model says whether the answer agrees with the facts of the text.", static settings => new RubricGrader(settings, Rubric.Factuality))
    {
        Example = "{ type: factuality, value: 'The Rhine ends in the North Sea.' }",
        IsJudge = true,
    };

    /// <summary>The registry's line of a yes or no.</summary>
    public static GraderKind ClosedQuestion { get; } = new("closed-qa", "a criterion", "A judge model says whether the criterion is met, yes or no.", static settings => new RubricGrader(settings, Rubric.ClosedQuestion))
    {
        Example = "{ type: closed-qa, value: 'The answer names a sea.' }",
        IsJudge = true,
    };

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        if (panel.Refusal(answer.Judges, answer.Model) is { } refusal)
        {
            return Grade.Missing(refusal);
        }

        // An answer without tool calls is shown as it is, white space and all: what was said of it before stays good.
        var said = answer.ToolCalls.Count == 0 ? answer.Text : SaidText.Of(answer);
        var fence = new JudgeFence(rubric.Task, answer.Input, given, said);
        var replies = await panel.AskAsync(answer.Judges, rubric.System(fence, answer.ToolCalls.Count > 0), rubric.User(fence, answer.Input, given, said), cancellationToken);
        var verdicts = replies
            .Where(static reply => reply.Reply is not null)
            .Select(reply => (reply.Name, Verdict: JudgeVerdict.Last(reply.Reply!, fence.Code, $"{answer.Input}\n{given}\n{said}")))
            .Where(static verdict => verdict.Verdict is not null)
            .Select(static verdict => (verdict.Name, Verdict: verdict.Verdict!))
            .ToList();
        if (verdicts.Count * 2 <= panel.Count)
        {
            return Grade.Missing(replies.Select(static reply => reply.Problem).FirstOrDefault(static problem => problem.Length > 0) ?? "the judge gave no verdict");
        }

        var passing = verdicts.Where(verdict => Passes(verdict.Verdict)).ToList();
        var passed = passing.Count * 2 > verdicts.Count;

        // The score is that of the side that won, so that it agrees with the outcome.
        var side = passed ? passing : [.. verdicts.Except(passing)];
        var score = side.Average(static verdict => verdict.Verdict.Score);
        return new(passed ? GradeState.Passed : GradeState.Failed, score, Reason(verdicts, passing.Count));
    }

    private bool Passes(JudgeVerdict verdict) => threshold is { } least ? verdict.Score >= least : verdict.Pass;

    private static string Reason(List<(string Name, JudgeVerdict Verdict)> verdicts, int passing) => verdicts.Count == 1
        ? verdicts[0].Verdict.Reason
        : string.Create(CultureInfo.InvariantCulture, $"{passing} of {verdicts.Count} judges let it pass: {string.Join("; ", verdicts.Select(static verdict => $"{verdict.Name} {verdict.Verdict.Score:0.##} {verdict.Verdict.Reason}".Trim()))}");
}
