using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sommelier.Routing;
using Sommelier.Tests.Routing.Sessions;

namespace Sommelier.Tests.Routing.Robustness;

/// <summary>How often the model chosen changes when only the wording does: the prompts beside this file, over the bundled catalog.</summary>
/// <remarks>Every line is one request: original, paraphrase, typos, case, boilerplate appended, and another language. The aim
/// is under 5 % each, by all four policies; tighter bounds are what was measured, rounded up: docs/routing.md has the figures.</remarks>
public sealed class RobustnessTests
{
    private static readonly Lazy<IReadOnlyList<Dictionary<string, string>>> Groups = new(() => [.. Read()]);

    [Fact]
    public void The_set_has_150_groups_with_every_change()
    {
        Assert.InRange(Groups.Value.Count, 150, int.MaxValue);
        Assert.All(Groups.Value, group => Assert.Equal(6, group.Values.Distinct(StringComparer.Ordinal).Count()));
    }

    [Theory]
    [InlineData("paraphrase", 0.05)]
    [InlineData("typos", 0.02)]
    [InlineData("case", 0)]
    [InlineData("boilerplate", 0.02)]
    [InlineData("language", 0.05)]
    public void The_narrowest_gap_has_a_band_of_its_own_width(string change, double most) =>
        Assert.InRange(Share(change, Policies.Premium), 0, most);

    [Theory]
    [InlineData("paraphrase")]
    [InlineData("typos")]
    [InlineData("boilerplate")]
    [InlineData("language")]
    public void As_long_as_no_speed_is_known_the_fastest_is_as_steady_as_the_cheapest(string change) =>
        Assert.Equal(Share(change, Policies.Balanced), Share(change, Policies.Fast));

    [Theory]
    [InlineData("paraphrase", 0.02)]
    [InlineData("typos", 0.01)]
    [InlineData("case", 0)]
    [InlineData("boilerplate", 0)]
    [InlineData("language", 0.04)]
    public void The_widest_gap_leaves_its_usual_choice_for_a_tenth_of_the_price_alone(string change, double most) =>
        Assert.InRange(Share(change, Policies.Frugal), 0, most);

    [Fact]
    public void A_sharp_line_is_crossed_often()
    {
        var sharp = Policies.Balanced with { Steady = 0 };

        Assert.InRange(Share("language", sharp), 0.18, 0.25);
    }

    [Theory]
    [InlineData("paraphrase", 0.04)]
    [InlineData("typos", 0.01)]
    [InlineData("case", 0)]
    [InlineData("boilerplate", 0.03)]
    [InlineData("language", 0.03)]
    public void The_model_chosen_seldom_changes(string change, double most)
    {
        var changed = Groups.Value.Where(group => Chosen(group["original"]) != Chosen(group[change])).ToList();
        var share = (double)changed.Count / Groups.Value.Count;

        Assert.True(share <= most, string.Create(
            CultureInfo.InvariantCulture,
            $"{change}: {changed.Count} of {Groups.Value.Count} = {share:0.000}\n{string.Join('\n', changed.Select(g => $"{Describe(g["original"])} -> {Describe(g[change])}"))}"));
    }

    private static double Share(string change, Policy policy) =>
        (double)Groups.Value.Count(group => Chosen(group["original"], policy) != Chosen(group[change], policy)) / Groups.Value.Count;

    private static string Chosen(string text, Policy? policy = null) => Conversation.Decide(Conversation.Read(text), policy: policy).Ranked[0].Deployment.Id;

    private static string Describe(string text)
    {
        var decision = Conversation.Decide(Conversation.Read(text));
        return $"{text} [{decision.Query.Signals.Intent}{(decision.Query.Signals.Abstained ? "?" : "")} {decision.Ranked[0].Deployment.Id} {decision.Reason} {string.Create(CultureInfo.InvariantCulture, $"{decision.Ranked[0].QualityLow:0.000} ${decision.Ranked[0].CostUsd:0.000000} | {decision.Ranked[1].Deployment.Id} {decision.Ranked[1].QualityLow:0.000} ${decision.Ranked[1].CostUsd:0.000000}")}]";
    }

    private static IEnumerable<Dictionary<string, string>> Read([CallerFilePath] string here = "") =>
        Directory.EnumerateFiles(Path.GetDirectoryName(here)!, "*.jsonl").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal));
}
