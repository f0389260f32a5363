using Sommelier.Evals.Judges;

namespace Sommelier.Evals.Graders;

/// <summary>What people said of the answer, read from a file; missing where nobody has said anything.</summary>
internal sealed class HumanGrader : IComputedGrader
{
    private readonly HumanLabels labels;
    private readonly double threshold;

    private HumanGrader(GraderSettings settings)
    {
        var file = Path.Combine(settings.Folder, settings.Text("value"));
        threshold = settings.Number("threshold", 0.5, min: 0, max: 1);
        if (!File.Exists(file))
        {
            settings.Problem("value", $"names {file}, which does not exist", "Name a file of JSON lines, relative to the suite's folder");
        }

        labels = HumanLabels.Read(File.Exists(file) ? File.ReadLines(file) : [], wrong => settings.Problem("value", $"names {file}, which {wrong}", """Write lines like {"case": "id", "model": "provider/model", "label": "pass"}"""));
    }

    /// <summary>The registry's line.</summary>
    public static GraderKind Kind { get; } = new("human", "a file of JSON lines", "People have labelled the answer; without a label it is missing.", static settings => new HumanGrader(settings))
    {
        Example = "{ type: human, value: labels.jsonl }",
    };

    /// <inheritdoc/>
    public Grade Judge(GradedAnswer answer) =>
        labels.Find(answer.Case, answer.Model) is { } score ? Grade.Of(score, threshold, score >= threshold ? "" : "people say no") : Grade.Missing("nobody has labelled this answer");
}
