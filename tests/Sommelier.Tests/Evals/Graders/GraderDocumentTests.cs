using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Evals.Graders;
using Sommelier.TestKit;
using YamlDotNet.RepresentationModel;

namespace Sommelier.Tests.Evals.Graders;

public sealed class GraderDocumentTests
{
    private const string Begin = "<!-- The table is generated; APPROVE=1 ./test writes it anew. -->\n";
    private const string End = "<!-- End of the table. -->\n";

    [Fact]
    public void The_table_is_what_the_registry_holds()
    {
        var text = Approved.Read("docs", "graders.md");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, "docs/graders.md has lost the marks around its table.");
        var table = new StringBuilder("\n| type | value | passes when | example |\n|---|---|---|---|\n");
        foreach (var kind in GraderRegistry.All)
        {
            table.Append(CultureInfo.InvariantCulture, $"| `{kind.Name}` | {Cell(kind.Value)} | {Cell(kind.What)} | `{Cell(kind.Example)}` |\n");
        }

        Approved.Equal($"{text[..(begin + Begin.Length)]}{table}\n{text[end..]}", "docs", "graders.md");
    }

    [Fact]
    public void Every_example_is_an_expectation()
    {
        Assert.Equal(GraderRegistry.All.Count, GraderRegistry.All.Select(static kind => kind.Name).Distinct(StringComparer.Ordinal).Count());
        foreach (var kind in GraderRegistry.All)
        {
            var expectation = Expectation(kind.Example);
            var name = expectation["type"]!.GetValue<string>();

            Assert.Equal(kind.Name, name.StartsWith("not-", StringComparison.Ordinal) ? name[4..] : name);
            expectation["type"] = kind.Name;
            if (kind == HumanGrader.Kind)
            {
                // Its file is the reader's.
                Assert.Contains("labels.jsonl, which does not exist", Assert.Single(Grading.Problems(expectation.ToJsonString())), StringComparison.Ordinal);
                continue;
            }

            Grading.Grader(expectation);
        }
    }

    /// <summary>An example of YAML as JSON; plain scalars that look like numbers or booleans are such.</summary>
    public static JsonObject Expectation(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Node(stream.Documents[0].RootNode)!.AsObject();
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(static pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Node(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain when double.TryParse(plain.Value, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalarNode text => text.Value,
        _ => null,
    };

    private static string Cell(string text) => text.Replace("|", @"\|", StringComparison.Ordinal);
}
