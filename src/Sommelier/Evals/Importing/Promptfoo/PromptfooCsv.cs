using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>promptfoo's CSV: a row is a test, columns are its variables, and those that begin with two underscores say more of it.</summary>
internal static partial class PromptfooCsv
{
    // Where nothing in brackets says otherwise.
    private const double Similar = 0.8;
    private const double Usual = 0.75;

    private static readonly string[] WithThreshold = ["answer-relevance", "classifier", "context-faithfulness", "context-recall", "context-relevance", "cost", "latency", "levenshtein", "perplexity-score", "perplexity", "rouge-n", "similar"];

    /// <summary>The test of a row, in the words of a configuration.</summary>
    public static ImportGroup Test(JsonObject row, string file, string path, ImportNotes notes)
    {
        var (variables, options, metadata, asserts, thresholds) = (new JsonObject(), new JsonObject(), new JsonObject(), new JsonArray(), new Dictionary<int, double>());
        var test = new JsonObject { ["vars"] = variables };
        string? metric = null;
        foreach (var (column, cell) in row)
        {
            var value = JsonTexts.Of(cell);
            switch (column)
            {
                case "__prefix" or "__suffix":
                    options[column[2..]] = value;
                    break;
                case "__description" or "__providerOutput" when value.Length > 0:
                    test[column[2..]] = value;
                    break;
                case "__description" or "__providerOutput":
                    break;
                case "__metric":
                    metric = value.Length > 0 ? value : null;
                    break;
                case "__threshold":
                    if (Number(value) is { } threshold)
                    {
                        test["threshold"] = threshold;
                    }

                    break;
                case var _ when column.StartsWith("__config:", StringComparison.Ordinal):
                    if (ConfigColumn().Match(column) is { Success: true } config && Number(value) is { } own)
                    {
                        thresholds[config.Groups["index"].Length == 0 ? 0 : int.Parse(config.Groups["index"].ValueSpan, CultureInfo.InvariantCulture) - 1] = own;
                    }
                    else
                    {
                        notes.Lost(file, $"{path}, {column}", "the column sets nothing that is known, or no number", "Name it __config:__expected:threshold");
                    }

                    break;
                case var _ when column.StartsWith("__expected", StringComparison.Ordinal):
                    if (value.Trim() is { Length: > 0 } said)
                    {
                        asserts.Add((JsonNode)Assertion(said));
                    }

                    break;
                case var _ when column.StartsWith("__metadata:", StringComparison.Ordinal):
                    if (value.Trim().Length > 0)
                    {
                        var key = column["__metadata:".Length..];
                        metadata[key.EndsWith("[]", StringComparison.Ordinal) ? key[..^2] : key] = key.EndsWith("[]", StringComparison.Ordinal)
                            ? new JsonArray([.. UnescapedComma().Split(value).Select(static item => (JsonNode)item.Trim().Replace("\\,", ",", StringComparison.Ordinal))])
                            : value;
                    }

                    break;
                case var _ when column.StartsWith("__", StringComparison.Ordinal):
                    notes.Lost(file, column, $"'{column}' is no column that is known", "Rename it, or take it out");
                    break;
                default:
                    variables[column] = value;
                    break;
            }
        }

        for (var i = 0; i < asserts.Count; i++)
        {
            var one = asserts[i]!.AsObject();
            if (metric is not null)
            {
                one["metric"] = metric;
            }

            if (thresholds.TryGetValue(i, out var threshold))
            {
                one["threshold"] = threshold;
            }
        }

        test["assert"] = asserts;
        test["options"] = options;
        test["metadata"] = metadata;
        return new(test, file, path, notes);
    }

    /// <summary>What a cell expects: <c>type:value</c>, <c>type(threshold):value</c>, <c>fn:</c> and <c>grade:</c>, else the answer itself.</summary>
    public static JsonObject Assertion(string text)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["javascript:", "fn:", "eval:"])
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return new() { ["type"] = "javascript", ["value"] = text[prefix.Length..].Trim() };
            }
        }

        foreach (var prefix in (ReadOnlySpan<string>)["grade:", "llm-rubric:"])
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return new() { ["type"] = "llm-rubric", ["value"] = text[prefix.Length..] };
            }
        }

        if (PromptfooFiles.IsFile(text) || text.StartsWith("python:", StringComparison.Ordinal))
        {
            return new() { ["type"] = text.Contains(".py", StringComparison.Ordinal) || text.StartsWith("python:", StringComparison.Ordinal) ? "python" : "javascript", ["value"] = text };
        }

        if (Typed().Match(text) is not { Success: true } typed)
        {
            return new() { ["type"] = "equals", ["value"] = text };
        }

        var (type, value) = (typed.Groups["type"].Value, typed.Groups["value"]);
        var made = new JsonObject { ["type"] = (typed.Groups["not"].Success ? "not-" : "") + type };
        if (value.Success && value.Value.Length > 0)
        {
            made["value"] = type is "is-json" or "contains-json" ? value.Value : value.Value.Trim();
        }

        if (WithThreshold.Contains(type, StringComparer.Ordinal))
        {
            made["threshold"] = Number(typed.Groups["threshold"].Value) ?? (type is "similar" ? Similar : Usual);
        }

        return made;
    }

    private static double? Number(string text) =>
        text.Trim() is { Length: > 0 } said && double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    // The words of promptfoo 0.123, longest first so that none hides another.
    [GeneratedRegex(@"^(?<not>not-)?(?<type>is-valid-openai-function-call|is-valid-openai-tools-call|is-valid-function-call|trajectory:[a-z-]+|trace-[a-z-]+|similar:[a-z]+|model-graded-factuality|model-graded-closedqa|context-faithfulness|context-relevance|context-recall|conversation-relevance|answer-relevance|icontains-all|icontains-any|contains-all|contains-any|contains-html|contains-json|contains-sql|contains-xml|finish-reason|perplexity-score|search-rubric|agent-rubric|tool-call-f1|levenshtein|factuality|starts-with|is-refusal|javascript|moderation|guardrails|classifier|perplexity|skill-used|max-score|select-best|word-count|icontains|contains|is-html|is-json|is-sql|is-xml|similar|rouge-n|webhook|latency|python|equals|g-eval|meteor|human|regex|gleu|bleu|cost|ruby|pi)(?:\((?<threshold>\d+(?:\.\d+)?)\))?(?::(?<value>[\s\S]*))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Typed();

    [GeneratedRegex(@"^__config:__expected(?<index>\d*):threshold$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConfigColumn();

    [GeneratedRegex(@"(?<!\\),", RegexOptions.None, 1000)]
    private static partial Regex UnescapedComma();
}
