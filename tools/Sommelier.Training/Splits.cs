namespace Sommelier.Training;

/// <summary>Which rows train and which judge.</summary>
internal static class Splits
{
    public const int Folds = 5;

    /// <summary>Sources that share questions, templates or makers leave together, or the fold would not be unseen.</summary>
    private static readonly string[][] Families =
    [
        ["mgsm", "llmrouter_agentverse-mgsm", "llmrouter_gsm8k"],
        ["math_level5", "llmrouter_math", "MATH_prealgebra"],
        ["humaneval_xl", "llmrouter_human_eval"],
        ["klue_nli", "klue_ner"],
        ["jsquad", "jsquad_questions"],
        ["jnli", "jsts"],
        ["llmrouter_natural_qa", "llmrouter_trivia_qa"],
        ["llmrouter_mmlu", "llmrouter_arc_challenge", "llmrouter_openbook_qa", "llmrouter_gpqa"],
        ["jcommonsenseqa", "llmrouter_commonsense_qa"],
    ];

    /// <summary>A fifth of the groups, the same in every run.</summary>
    public static bool IsRandomTest(Row row) => Hash(row.Group) % 5 == 0;

    /// <summary>A fold for each source family: the largest first, each to the fold with the fewest rows so far.</summary>
    public static Dictionary<string, int> SourceFolds(IEnumerable<Row> rows)
    {
        var folds = new Dictionary<string, int>(StringComparer.Ordinal);
        var sizes = new int[Folds];
        var families = rows
            .GroupBy(row => Family(row.Source), StringComparer.Ordinal)
            .OrderByDescending(family => family.Count())
            .ThenBy(family => family.Key, StringComparer.Ordinal);
        foreach (var family in families)
        {
            var fold = Array.IndexOf(sizes, sizes.Min());
            sizes[fold] += family.Count();
            foreach (var row in family)
            {
                folds[row.Source] = fold;
            }
        }

        return folds;
    }

    public static string Family(string source) =>
        Families.FirstOrDefault(family => family.Contains(source, StringComparer.Ordinal))?[0] ?? source;

    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}
