using Sommelier.CatalogBuilder;
using Sommelier.TestKit;

namespace Sommelier.Tests.Catalog;

public sealed class CatalogBuilderTests
{
    [Fact]
    public void The_committed_files_are_what_a_fresh_build_gives_and_its_report_states_the_errors()
    {
        using var report = new StringWriter();
        var built = CatalogBuild.Run(Shared.Path("data"), report);
        var folder = Path.Combine(RepositoryRoot(), "src", "Sommelier", "Catalog", "Data");
        Assert.Equal(built.Keys, Directory.GetFiles(folder, "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        foreach (var (name, bytes) in built)
        {
            Assert.True(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, name))), $"{name} is stale: run tools/Sommelier.CatalogBuilder again.");
        }

        Assert.True(built.Values.Sum(b => (long)b.Length) < 2_000_000, "the embedded catalog has outgrown 2 MB");
        Assert.Matches(@"line \d\.\d\d \(n=\d+, drift [+-]\d\.\d\d a year\), maker\+price\+date \d\.\d\d", report.ToString());
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Sommelier.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
