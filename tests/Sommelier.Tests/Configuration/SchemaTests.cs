using System.Text.Json;
using Sommelier.Configuration.Keys;
using Sommelier.TestKit;

namespace Sommelier.Tests.Configuration;


public sealed class SchemaTests
{
    [Fact]
    public void The_published_schema_is_the_one_that_the_reader_obeys() =>
        Approved.Equal(JsonSchemaWriter.Write(), "schema", "sommelier.schema.json");

    [Fact]
    public void The_documented_keys_are_the_ones_that_the_reader_obeys()
    {
        const string Begin = "<!-- keys: written by the tests, from the table that the reader obeys -->\n";
        const string End = "<!-- end of keys -->";
        var page = Approved.Read("docs", "configuration.md");
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = page.IndexOf(End, StringComparison.Ordinal);
        Assert.InRange(from, Begin.Length, to);

        Approved.Equal(string.Concat(page.AsSpan(0, from), KeyTable.Write(), page.AsSpan(to)), "docs", "configuration.md");
    }

    [Fact]
    public void The_documented_example_is_valid()
    {
        var page = Approved.Read("docs", "configuration.md");
        var from = page.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;

        Given.ValidYaml(page[from..page.IndexOf("```", from, StringComparison.Ordinal)], "ANTHROPIC_API_KEY=a", "OPENAI_API_KEY=o", "SOMMELIER_KEY=s");
    }

    [Fact]
    public void Every_key_says_what_it_is_for()
    {
        using var schema = JsonDocument.Parse(JsonSchemaWriter.Write());

        Check(ConfigKeys.Root, "");

        static void Check(KeySpec key, string path)
        {
            Assert.False(string.IsNullOrWhiteSpace(key.Summary), path);
            Assert.False(key.Summary.EndsWith('.'), path);
            Assert.True(key.Kind != KeyKind.Choice || key.Choices.Count > 0, path);
            foreach (var child in key.Keys.Concat(key.Others is null ? [] : [key.Others]).Concat(key.Item is null ? [] : [key.Item]))
            {
                Check(child, $"{path}.{child.Name}");
            }
        }
    }
}
