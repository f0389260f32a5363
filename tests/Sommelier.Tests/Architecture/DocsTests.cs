using System.Text.RegularExpressions;

namespace Sommelier.Tests.Architecture;

/// <summary>Documents drift unless something reads them: each path and link that they name must exist.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "bench"), "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Sommelier.Fuzz"), "*.md"),
    ];

    public static TheoryData<string> Documents => [.. Files.Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_that_a_document_names_exist(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;

        var links = Link().Matches(text).Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(link => link.Length > 0 && !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(link => !Exists(Path.Combine(folder, link)));
        var paths = Code().Matches(text).Select(match => match.Groups[1].Value)
            .Where(path => !Exists(Path.Combine(Repository.Root, path.TrimEnd('/', '.', ','))));

        Assert.Equal([], links.Concat(paths).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Readme_names_the_two_commands_and_a_request()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        Assert.Contains("./sommelier", readme, StringComparison.Ordinal);
        Assert.Contains("./test", readme, StringComparison.Ordinal);
        Assert.Contains("curl", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_names_every_provider_that_is_spoken()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var named = text[text.IndexOf("- Known by name:", StringComparison.Ordinal)..];
        named = named[..named.IndexOf("\n- ", StringComparison.Ordinal)];

        Assert.Equal([], Sommelier.Providers.ProviderRegistry.All.Select(p => p.Name).Where(name => !named.Contains(name, StringComparison.Ordinal)));
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // Paths in back quotes that begin with a folder of the repository.
    [GeneratedRegex(@"`((?:src|tests|tools|bench|docs|schema|samples|deploy)/[A-Za-z0-9_./\-]+)`")]
    private static partial Regex Code();
}
