namespace Sommelier.Tests.Providers;

public sealed class ProviderDocumentTests
{
    [Fact]
    public void The_example_is_the_file_that_it_names()
    {
        var root = Repository.Root;
        var text = File.ReadAllText(Path.Combine(root, "docs", "extending", "provider.md"));
        const string Mark = "<!-- src/Sommelier/Providers/Groq.cs -->\n```csharp\n";
        var start = text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        Assert.True(start >= Mark.Length, "docs/extending/provider.md has lost its example.");
        var example = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.Equal(File.ReadAllText(Path.Combine(root, "src", "Sommelier", "Providers", "Groq.cs")), example);
    }
}
