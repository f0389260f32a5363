using System.Text.Json;
using Sommelier.Evals.Judges;

namespace Sommelier.Evals.Pairs;

/// <summary>
/// Which of two answers people found better: JSON lines with <c>case</c>, <c>models</c> (two of them) and <c>better</c>, one of the
/// two or <c>tie</c>. Several labels of one pair are averaged.
/// </summary>
internal sealed class PairLabels
{
    private readonly Dictionary<(string Case, string First, string Second), List<double>> outcomes = [];

    /// <summary>Nobody has said anything.</summary>
    public static PairLabels None { get; } = new();

    /// <summary>How many labels there are.</summary>
    public int Count => outcomes.Values.Sum(static labels => labels.Count);

    /// <summary>Reads lines; what is wrong with one is told, and the others are read.</summary>
    /// <param name="lines">The file's.</param>
    /// <param name="problem">Takes what is wrong, as a clause that follows the file's name.</param>
    public static PairLabels Read(IEnumerable<string> lines, Action<string> problem)
    {
        var labels = new PairLabels();
        LabelLines.Read(lines, labels.Add, problem);
        return labels;
    }

    /// <summary>1 where people find the first model's answer better, 0 the second's, between them where they disagree or see no difference; null without a label.</summary>
    public double? Find(string name, string first, string second)
    {
        var (one, two) = (ModelIdentity.Of(first), ModelIdentity.Of(second));
        return outcomes.TryGetValue((name, one, two), out var straight) ? straight.Average()
            : outcomes.TryGetValue((name, two, one), out var swapped) ? 1 - swapped.Average()
            : null;
    }

    private string? Add(JsonElement label)
    {
        if (label.ValueKind != JsonValueKind.Object || Text(label, "case") is not { } name)
        {
            return "names no case";
        }

        if (!label.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Array || models.GetArrayLength() != 2
            || models.EnumerateArray().Any(static model => model.ValueKind != JsonValueKind.String))
        {
            return "does not name two models";
        }

        var (first, second, better) = (ModelIdentity.Of(models[0].GetString()!), ModelIdentity.Of(models[1].GetString()!), Text(label, "better"));
        double? outcome = better switch
        {
            "tie" => 0.5,
            not null when string.Equals(ModelIdentity.Of(better), first, StringComparison.Ordinal) => 1,
            not null when string.Equals(ModelIdentity.Of(better), second, StringComparison.Ordinal) => 0,
            _ => null,
        };
        if (outcome is not { } known || string.Equals(first, second, StringComparison.Ordinal))
        {
            return "has no better that is one of its two models, or tie,";
        }

        // Either order is the same pair.
        var key = (name, first, second);
        if (outcomes.ContainsKey((name, second, first)))
        {
            (key, known) = ((name, second, first), 1 - known);
        }

        if (!outcomes.TryGetValue(key, out var all))
        {
            outcomes[key] = all = [];
        }

        all.Add(known);
        return null;
    }

    private static string? Text(JsonElement label, string name) => label.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
