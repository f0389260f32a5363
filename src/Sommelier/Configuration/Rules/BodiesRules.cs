using Sommelier.Configuration.Reading;
using Sommelier.Gateway.Bodies;

namespace Sommelier.Configuration.Rules;

/// <summary>What the keys of <c>ledger.bodies</c> must be.</summary>
internal static class BodiesRules
{
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        var bodies = root.Group("ledger")?.Group("bodies");
        foreach (var one in bodies?.List("redact") ?? [])
        {
            if (one.Value is not (string pattern and not BodiesBinder.Pii))
            {
                continue;
            }

            try
            {
                PiiPattern.Of(pattern);
            }
            catch (ArgumentException wrong)
            {
                problems.Add(new(one.Position, one.Path, $"'{pattern}' is no regular expression that runs in linear time: {wrong.Message}", "Write it without lookarounds, backreferences and atomic groups, or write pii"));
            }
        }
    }
}
