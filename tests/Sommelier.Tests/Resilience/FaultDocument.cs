namespace Sommelier.Tests.Resilience;

/// <summary>The document that promises what the fault tests play.</summary>
internal static class FaultDocument
{
    /// <summary>Fails when a case is not in docs/faults.md.</summary>
    public static void Names(IEnumerable<string> cases)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "faults.md"));
        foreach (var name in cases)
        {
            Assert.True(text.Contains($"`{name}`", StringComparison.Ordinal), $"docs/faults.md does not name the case `{name}`.");
        }
    }
}
