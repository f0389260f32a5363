using Sommelier.Configuration.Reading;
using Sommelier.Gateway.Bodies;

namespace Sommelier.Configuration.Rules;

/// <summary>What the cascade of a policy, or of one of its rules, must be, and who it may ask for intents and vectors.</summary>
internal static class CascadeRules
{
    public static void Check(ConfigGroup policy, HashSet<string> names, List<ConfigProblem> problems)
    {
        Asked(policy.Group("classify")?.Group("on_abstain"), "Add model: with a cheap one, or write on_abstain: false", names, problems);
        Asked(policy.Group("cache")?.Group("similar"), "Add model: with one that makes vectors, or write similar: false", names, problems);
        if (policy.Group("cascade") is not { } cascade)
        {
            return;
        }

        if (cascade.Boolean("enabled") != false && cascade.List("first") is not { Count: > 0 })
        {
            problems.Add(new(cascade.Position, cascade.Path, "nobody is named to answer first", "Add first: with a cheap model, or write cascade: false"));
        }

        foreach (var value in cascade.List("first") ?? [])
        {
            Model(value, names, problems);
        }

        if (cascade.Group("checks") is not { } checks)
        {
            return;
        }

        if (checks.Boolean("schema") == false && checks["regex"] is null && checks["agree"] is null && checks["judge"] is null)
        {
            problems.Add(new(checks.Position, checks.Path, "nothing is checked, so every answer of the first model would do", "Add regex, agree or judge, or let the policy's order name that model"));
        }

        if (checks["regex"] is { Value: string pattern } regex && Wrong(pattern) is { } why)
        {
            problems.Add(new(regex.Position, regex.Path, why, "Write it without look-around and back-references: its time must be bounded"));
        }

        if (checks.Group("agree") is { } agree && (agree.Integer("min") ?? 2) > (agree.Integer("samples") ?? 3))
        {
            problems.Add(new(agree.Position, agree.Path, "more answers must agree than are asked for", "Let min be at most samples"));
        }

        if (checks.Group("judge")?["model"] is { } judge)
        {
            Model(judge, names, problems);
        }
    }

    private static void Asked(ConfigGroup? ask, string remedy, HashSet<string> names, List<ConfigProblem> problems)
    {
        if (ask is null || ask.Boolean("enabled") == false)
        {
            return;
        }

        if (ask["model"] is { } model)
        {
            Model(model, names, problems);
        }
        else
        {
            problems.Add(new(ask.Position, ask.Path, "nobody is named to be asked", remedy));
        }
    }

    private static void Model(ConfigValue value, HashSet<string> names, List<ConfigProblem> problems)
    {
        if (value.Value is string name && (names.Contains(name) || name is "auto" || name.StartsWith("auto/", StringComparison.Ordinal)))
        {
            problems.Add(new(value.Position, value.Path, $"'{name}' is a policy, and here a model is named", "Name a model"));
        }
    }

    private static string? Wrong(string pattern)
    {
        try
        {
            _ = PiiPattern.Of(pattern);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }
}
