using System.Text.Json.Nodes;
using Sommelier.Evals.Importing;
using Sommelier.Tests.Evals.Suites;

namespace Sommelier.Tests.Evals.Importing;

/// <summary>The suites that importers write: for people to read, and read back as the same; what is wrong with one is told with its place in the file.</summary>
public sealed class SuiteYamlTests
{
    [Fact]
    public void A_suite_is_written_as_a_person_would()
    {
        var suite = JsonNode.Parse("""
            { "suite": "wines", "defaults": { "max_tokens": 20, "expect": [{ "contains": "Riesling" }] },
              "cases": [{ "id": "a", "input": "Which one?\nSay it.", "metadata": { "n": 1, "yes": "no", "empty": "", "nothing": null, "list": [1, 2.5, true], "none": [], "map": {} } },
                        { "id": "b", "input": "# : \"x\"", "vars": { "two words": "1.0", "tab": "a\tb" } }] }
            """)!.AsObject();

        Assert.Equal(
            """
            suite: wines
            defaults: { max_tokens: 20, expect: [{ contains: Riesling }] }
            cases:
              - id: a
                input: |-
                  Which one?
                  Say it.
                metadata: { "n": 1, "yes": "no", empty: "", nothing: null, list: [1, 2.5, true], none: [], map: {} }
              - id: b
                input: "# : \"x\""
                vars: { "two words": "1.0", tab: "a\tb" }

            """,
            SuiteYaml.Write(suite));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("12")]
    [InlineData("1e3")]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("- dash")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("{{x}}")]
    [InlineData("[x]")]
    [InlineData("*x")]
    [InlineData("  indented\nand not")]
    [InlineData("line\nends in blanks  \nso")]
    [InlineData("ends\n")]
    [InlineData("ends twice\n\n")]
    [InlineData("\u0085 \u2028 \u0007 \uFEFF 😀 é")]
    [InlineData("a\r\nb")]
    [InlineData("")]
    public void A_text_stays_a_text_wherever_it_stands(string text)
    {
        var suite = new JsonObject { ["key"] = text, ["list"] = new JsonArray(text, new JsonObject { ["inner"] = text }), [text.Length == 0 ? "k" : text] = 1 };

        var read = JsonTexts.Parse(SuiteYaml.Write(suite), "s.suite.yaml");

        Assert.True(JsonNode.DeepEquals(suite, read), SuiteYaml.Write(suite));
    }

    [Fact]
    public void Mistakes_in_what_was_written_are_told_with_file_line_and_remedy()
    {
        var suite = new JsonObject
        {
            ["suite"] = "s",
            ["cases"] = new JsonArray(
                new JsonObject { ["id"] = "a", ["input"] = "one\ntwo", ["expect"] = new JsonArray(new JsonObject { ["contians"] = "x" }) },
                new JsonObject { ["id"] = "a", ["input"] = "x", ["expect"] = new JsonArray(new JsonObject { ["type"] = "regex", ["value"] = "(" }) }),
        };

        var found = GivenSuite.Problems(SuiteYaml.Write(suite));

        Assert.Contains("s.suite.yaml:8:21: cases[0].expect[0].contians: there is no grader 'contians'. Did you mean 'contains'?", found, StringComparison.Ordinal);
        Assert.Contains("s.suite.yaml:9:9: cases[1].id: the id 'a' is taken by the case at", found, StringComparison.Ordinal);
        Assert.Contains("cases[1].expect[0].value:", found, StringComparison.Ordinal);
        Assert.All(found.Split('\n'), static line => Assert.Matches(@"^s\.suite\.yaml:[0-9]+:[0-9]+: .+\. .+[.?]$", line));
    }
}
