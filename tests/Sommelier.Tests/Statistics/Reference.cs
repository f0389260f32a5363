using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Tests.Statistics;

/// <summary>What other software computed: <c>reference/NAME.json</c>, made by <c>reference/NAME.py</c>.</summary>
internal static class Reference
{
    public static JsonObject Read(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Sommelier.Tests", "Statistics", "reference", name + ".json")))!.AsObject();

    public static double[] Numbers(JsonNode? node) => node.Deserialize<double[]>()!;

    public static int[] Whole(JsonNode? node) => node.Deserialize<int[]>()!;

    public static double[][] Rows(this JsonObject file, string key) => file[key].Deserialize<double[][]>()!;

    /// <summary>Equal to a relative error, or an absolute one near zero.</summary>
    public static void Close(double expected, double actual, double relative, string what = "", double absolute = 0) =>
        Assert.True(
            Math.Abs(expected - actual) <= Math.Max(absolute, relative * Math.Abs(expected)) || expected.Equals(actual),
            FormattableString.Invariant($"{what}: expected {expected:R}, got {actual:R}"));
}
