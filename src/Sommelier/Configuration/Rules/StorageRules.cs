using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Rules;

/// <summary>What of <c>storage</c> this version has.</summary>
internal static class StorageRules
{
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        foreach (var key in (ReadOnlySpan<string>)["postgres", "redis"])
        {
            if (root.Group("storage")?[key] is { } value)
            {
                problems.Add(new(value.Position, value.Path, $"{key} is not available in this version", "Use storage.sqlite"));
            }
        }
    }
}
