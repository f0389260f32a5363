using System.Text.Json;

namespace Sommelier.Evals.Judges;

/// <summary>
/// What people said of answers: JSON lines with <c>case</c>, optionally <c>model</c>, and <c>label</c> (<c>pass</c>, <c>fail</c>, true or
/// false) or <c>score</c> (0 to 1). Several labels of one answer are averaged. A label without a model is for every model.
/// </summary>
internal sealed class HumanLabels
{
    private readonly Dictionary<(string Case, string Model), List<double>> scores = [];

    /// <summary>How many labels there are.</summary>
    public int Count => scores.Values.Sum(static labels => labels.Count);

    /// <summary>Reads lines; what is wrong with one is told, and the others are read.</summary>
    /// <param name="lines">The file's.</param>
    /// <param name="problem">Takes what is wrong, as a clause that follows the file's name.</param>
    public static HumanLabels Read(IEnumerable<string> lines, Action<string> problem)
    {
        var labels = new HumanLabels();
        LabelLines.Read(lines, labels.Add, problem);
        return labels;
    }

    /// <summary>The mean of an answer's labels; null when it has none.</summary>
    /// <param name="name">The case's id.</param>
    /// <param name="model">The model that answered; null when that is not known.</param>
    public double? Find(string name, string? model) =>
        model is not null && scores.TryGetValue((name, ModelIdentity.Of(model)), out var own) ? own.Average()
        : scores.TryGetValue((name, ""), out var any) ? any.Average()
        : null;

    private string? Add(JsonElement label)
    {
        if (label.ValueKind != JsonValueKind.Object || !label.TryGetProperty("case", out var name) || name.ValueKind != JsonValueKind.String)
        {
            return "names no case";
        }

        if (Score(label) is not { } score)
        {
            return "has neither a label (pass or fail) nor a score from 0 to 1";
        }

        var model = label.TryGetProperty("model", out var named) && named.ValueKind == JsonValueKind.String ? ModelIdentity.Of(named.GetString()!) : "";
        var key = (name.GetString()!, model);
        if (!scores.TryGetValue(key, out var all))
        {
            scores[key] = all = [];
        }

        all.Add(score);
        return null;
    }

    private static double? Score(JsonElement label)
    {
        if (label.TryGetProperty("score", out var score))
        {
            return score.ValueKind == JsonValueKind.Number && score.GetDouble() is >= 0 and <= 1 ? score.GetDouble() : null;
        }

        return label.TryGetProperty("label", out var word) ? word.ToString() switch
        {
            "pass" or "True" => 1,
            "fail" or "False" => 0,
            _ => null,
        }
        : null;
    }
}
