using System.Text.Json.Nodes;
using Sommelier.Judging;

namespace Sommelier.Evals.Graders;

/// <summary>The answer names the right class, and no other.</summary>
internal static class LabelGrader
{
    /// <summary><c>label</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "label",
        "a label",
        "The answer names that class and no other of `labels`: a list, or a map from each label to its synonyms. It may be the whole answer, follow the last `label` ('Label:'), or stand among other words.",
        Create)
    {
        Example = "{ type: label, value: positive, labels: { positive: [good, favourable], negative: [bad], neutral: [] } }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var wanted = settings.Filled("value");
        var marker = settings.OptionalText("label") ?? "Label:";
        var labels = Labels(settings);
        if (!labels.ContainsKey(wanted))
        {
            settings.Problem("value", "is none of the labels", "Write one of labels, in the same letters");
        }

        return new(answer =>
        {
            var named = Whole(answer.Text, labels) ?? (FinalAnswer.After(answer.Text, marker) is { } said ? Named(said, labels) : null) ?? Named(answer.Text, labels);
            return named.Count switch
            {
                0 => Grade.Fail("the answer names no label"),
                1 => Grade.Of(string.Equals(named[0], wanted, StringComparison.Ordinal), $"the answer says {named[0]}"),
                _ => Grade.Fail($"the answer names {string.Join(" and ", named)}"),
            };
        });
    }

    private static Dictionary<string, string[]> Labels(GraderSettings settings)
    {
        var labels = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (settings.Json("labels") is JsonObject map && map.All(static pair => pair.Value is null or JsonArray))
        {
            foreach (var (label, synonyms) in map)
            {
                labels[label] = [label, .. (synonyms as JsonArray ?? []).Select(static synonym => synonym?.ToString() ?? "").Where(static synonym => synonym.Length > 0)];
            }
        }
        else
        {
            foreach (var label in settings.Texts("labels"))
            {
                labels[label] = [label];
            }
        }

        return labels;
    }

    private static List<string>? Whole(string text, Dictionary<string, string[]> labels)
    {
        var plain = text.AsSpan().Trim(" \t\r\n*_`\"'.,;:!()[]");
        foreach (var (label, names) in labels)
        {
            foreach (var name in names)
            {
                if (plain.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return [label];
                }
            }
        }

        return null;
    }

    // A name inside a longer one of another label is not named: "positive" in "very positive".
    private static List<string> Named(string text, Dictionary<string, string[]> labels)
    {
        var taken = new bool[text.Length];
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (label, name) in labels.SelectMany(static pair => pair.Value.Select(name => (pair.Key, name))).OrderByDescending(static pair => pair.name.Length))
        {
            for (var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.OrdinalIgnoreCase))
            {
                if (!taken[at] && IsWord(text, at, name.Length))
                {
                    named.Add(label);
                    taken.AsSpan(at, name.Length).Fill(true);
                }
            }
        }

        return [.. labels.Keys.Where(named.Contains)];
    }

    private static bool IsWord(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));
}
