using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Evals.Importing;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Sampling;

/// <summary>A sample as files: the suite, which people edit, and beside it its cases, one in a line.</summary>
internal static class SampleFiles
{
    /// <summary>The files by name, the suite first.</summary>
    /// <param name="sample">What was drawn.</param>
    /// <param name="settings">How.</param>
    /// <param name="file">The suite's file.</param>
    public static IReadOnlyList<(string Name, string Text)> Of(DrawnSample sample, SampleSettings settings, string file)
    {
        var name = Path.GetFileName(file)[..^SuiteReader.Extension.Length];
        var rows = $"{name}.cases.jsonl";
        var defaults = new JsonObject();
        if (settings.Judge is { } judge)
        {
            defaults["judge"] = judge;
        }

        // What all cases expect alike stands where it can be edited.
        var first = sample.Cases[0]["expect"]!.AsArray();
        if (sample.Cases.TrueForAll(one => JsonNode.DeepEquals(one["expect"], first)))
        {
            defaults["expect"] = first.DeepClone();
            sample.Cases.ForEach(static one => one.Remove("expect"));
        }

        var suite = new JsonObject
        {
            ["suite"] = name,
            ["description"] = $"{sample.Cases.Count} requests out of the ledger",
            ["cluster_by"] = "conversation",
            ["defaults"] = defaults,
            ["data"] = rows,
        };
        if (defaults.Count == 0)
        {
            suite.Remove("defaults");
        }

        var lines = new StringBuilder();
        sample.Cases.ForEach(one => lines.Append(one.ToJsonString(ReadableJson.Options)).Append('\n'));
        return [(file, Head(settings) + SuiteYaml.Write(suite)), (Path.Combine(Path.GetDirectoryName(file) ?? "", rows), lines.ToString())];
    }

    private static string Head(SampleSettings settings)
    {
        var answers = settings.Answer switch
        {
            SampledAnswer.Output => "# Each case brings its recorded answer along (output): 'eval run' grades it and asks nobody. Sample with --answers reference or none to ask models.\n",
            SampledAnswer.Reference => "# Each case has the recorded answer as its reference: models are asked, and expectations may compare with it.\n",
            _ => "# The recorded answers were left out: models are asked.\n",
        };
        return $"# Drawn by 'sommelier eval sample'. The cases hold what callers wrote: treat them as you treat the ledger's bodies.\n{answers}"
            + "# What is expected of an answer is for you to say: under defaults for all cases, or in the cases' own lines.\n";
    }
}
