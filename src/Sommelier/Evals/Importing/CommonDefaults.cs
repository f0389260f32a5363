using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing;

/// <summary>What all cases of an imported suite say alike is said once, in <c>defaults</c>.</summary>
internal static class CommonDefaults
{
    private static readonly string[] Keys = ["system", "template", "tools", "threshold", "repeats", "max_tokens", "temperature"];

    /// <summary>Moves common keys, and the expectations with which all cases begin, from the cases to the defaults.</summary>
    public static void Raise(JsonObject suite)
    {
        if (suite["cases"] is not JsonArray { Count: > 1 } list)
        {
            return;
        }

        var cases = list.Select(static one => one!.AsObject()).ToArray();
        var defaults = suite["defaults"] as JsonObject ?? [];
        foreach (var key in Keys.Where(key => !defaults.ContainsKey(key) && cases[0][key] is not null && Array.TrueForAll(cases, one => JsonNode.DeepEquals(one[key], cases[0][key]))))
        {
            defaults[key] = cases[0][key]!.DeepClone();
            Array.ForEach(cases, one => one.Remove(key));
        }

        var common = new JsonArray();
        while (cases[0]["expect"] is JsonArray { Count: > 0 } first && !HasBraces(first[0]) && Array.TrueForAll(cases, one => one["expect"] is JsonArray { Count: > 0 } own && JsonNode.DeepEquals(own[0], first[0])))
        {
            common.Add(first[0]!.DeepClone());
            Array.ForEach(cases, static one => one["expect"]!.AsArray().RemoveAt(0));
        }

        if (common.Count > 0)
        {
            defaults["expect"] = common;
            Array.ForEach(cases, static one => _ = one["expect"]!.AsArray().Count == 0 && one.Remove("expect"));
        }

        if (defaults.Count > 0 && suite["defaults"] is null)
        {
            suite.Remove("cases");
            suite["defaults"] = defaults;
            suite["cases"] = list;
        }
    }

    // A text with braces means another thing in a case without variables.
    private static bool HasBraces(JsonNode? node) => node is not null && node.ToJsonString(Suites.ReadableJson.Options).Contains("{{", StringComparison.Ordinal);
}
