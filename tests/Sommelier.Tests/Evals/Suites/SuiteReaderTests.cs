using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Suites;
using Sommelier.Parquet;

namespace Sommelier.Tests.Evals.Suites;

public sealed class SuiteReaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sommelier-suite-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_grader_that_is_named_alone_is_told_how_it_is_written()
    {
        Assert.EndsWith("keys with values are expected. Write { type: is-sql }.", Alone("is-sql"), StringComparison.Ordinal);
        Assert.EndsWith("like { type: not-contains, value: Paris }.", Alone("not-contains"), StringComparison.Ordinal);
        Assert.EndsWith("like { contains: Paris }.", Alone("nothing-known"), StringComparison.Ordinal);
        foreach (var word in SuiteKeys.Kinds)
        {
            var remedy = Alone(word);
            Assert.Contains("{ type: " + word, remedy, StringComparison.Ordinal);
            if (remedy.EndsWith($"Write {{ type: {word} }}.", StringComparison.Ordinal))
            {
                Assert.DoesNotContain("expect", Problems($"{{ type: {word} }}"), StringComparison.Ordinal);
            }
        }

        static string Alone(string word) => GivenSuite.Problems($"suite: s\ncases: [{{ id: a, input: x, expect: [{word}] }}]\n");

        static string Problems(string expectation) => string.Join('\n', SuiteReader.Read($"suite: s\ncases: [{{ id: a, input: x, expect: [{expectation}] }}]\n", "s.suite.yaml").Problems);
    }

    [Fact]
    public void Every_mistake_is_listed_in_one_run()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "rows.csv"), "id,input\nx,fine\ny\n");
        File.WriteAllText(Path.Combine(folder.FullName, "bad.parquet"), "id,input\nx,fine\n");
        var found = GivenSuite.Problems(
            """
            suite: wrong
            verison: 1
            intent: extractoin
            gate: { max_regression: 7 }
            defaults: { repeats: 0 }
            cases:
              - { id: a, input: one, expect: [contains: x] }
              - { id: a, input: two, expect: [contains: x] }
              - { id: b, input: three, expect: [regex: '('] }
              - { id: c, input: four, expect: [contians: x] }
              - { id: d, input: five }
              - { id: e, expect: [contains: x] }
              - { id: f, template: 'Say {{who}}', vars: { whom: me }, expect: [contains: x] }
              - { id: g, input: six, expect: [{ contains: x, threshhold: 1 }] }
              - { id: h, input: seven, expect: [{ contains: x, regex: y }] }
              - { id: i, input: eight, expect: [{ type: contains }] }
              - { id: j, input: nine, params: { model: other }, expect: [contains: x] }
              - { id: k, messages: [{ role: nobody, content: hello }], expect: [contains: x] }
              - { id: l, input: ten, attachments: [nothing.png], expect: [contains: x] }
            data: [rows.csv, rows.txt, gone.jsonl, bad.parquet]
            """, folder.FullName);

        string[] wanted =
        [
            "s.suite.yaml:2:1: verison: there is no key 'verison' here. Did you mean 'version'?",
            "s.suite.yaml:3:9: intent: 'extractoin' is not one of",
            "s.suite.yaml:4:25: gate.max_regression: '7' is not a number, from 0 to 1.",
            "s.suite.yaml:5:22: defaults.repeats: '0' is not a whole number",
            "s.suite.yaml:8:11: cases[1].id: the id 'a' is taken by the case at",
            "s.suite.yaml:9:37: cases[2].expect[0].value:",
            "cases[3].expect[0].contians: there is no grader 'contians'. Did you mean 'contains'?",
            "s.suite.yaml:11:5: cases[4]: nothing is expected of the answer.",
            "s.suite.yaml:12:5: cases[5]: the case asks nothing.",
            "cases[6]: there is no variable 'who'",
            "cases[7].expect[0].threshhold: contains takes no 'threshhold'.",
            "cases[8].expect[0].regex: the expectation is a 'contains' and a 'regex' at once.",
            "cases[9].expect[0].value: is missing.",
            "cases[10].params.model: 'model' is not set by params.",
            "cases[11].messages[0].role",
            "cases[12].attachments[0]: the file nothing.png does not exist.",
            "data[1]: rows.txt is neither .jsonl nor .csv nor .parquet.",
            "data[2]: the file gone.jsonl does not exist.",
            "data[3]: the file bad.parquet cannot be read: It is no Parquet file: it does not end with PAR1.",
            "rows.csv:3:1: the row has 1 cells, and the head has 2.",
        ];
        Assert.All(wanted, line => Assert.Contains(line, found, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("suite: x", "the suite has no cases")]
    [InlineData("cases: [{ input: a, expect: [contains: b] }]", "suite: this is missing")]
    [InlineData("suite: x\ncases:\n  - { input: a, expect: [contains: b]", "is not valid YAML")]
    [InlineData("suite: x\ncluster_by: source\ncases: [{ input: a, expect: [contains: b] }]", "the case has no 'source', which cluster_by names")]
    [InlineData("suite: x\ncases: [{ input: a, expect: [contains: b] }, { input: a, expect: [contains: c] }]", "Both ask the same")]
    [InlineData("suite: x\ncases: [{ input: a, messages: [{ role: user, content: a }], expect: [contains: b] }]", "the case has messages too")]
    public void What_is_missing_is_told(string yaml, string said) => Assert.Contains(said, GivenSuite.Problems(yaml), StringComparison.Ordinal);

    [Fact]
    public void A_case_becomes_a_request_in_the_words_of_the_chat_format()
    {
        var suite = GivenSuite.Valid(
            """
            suite: s
            defaults: { system: Be brief., temperature: 0, max_tokens: 50, template: 'Greet {{name}}: {{{{x}}', tools: [{ name: look, parameters: { type: object } }] }
            cases:
              - { id: one, vars: { name: Ada }, params: { reasoning_effort: low }, expect: [contains: '{{name}}', not-regex: '^No'], repeats: 3 }
            """);

        var asked = Assert.Single(suite.Cases);
        Assert.Equal(
            """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Greet Ada: {{x}}"}],"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],"max_tokens":50,"temperature":0,"reasoning_effort":"low"}""",
            Encoding.UTF8.GetString(asked.Body.Span));
        Assert.Equal(("Greet Ada: {{x}}", 3, "look", true), (asked.Input, asked.Repeats, asked.Tools[0].Name, asked.IntentGuessed));
        Assert.Equal(["contains", "not-regex"], asked.Expectations.Select(one => one.Kind));
        Assert.True(asked.Expectations[1].Negated);
    }

    [Fact]
    public void The_hash_follows_what_is_asked_and_graded_and_nothing_else()
    {
        const string Yaml = "suite: s\ncases:\n  - { id: a, input: one, expect: [contains: x] }\n";
        var hash = GivenSuite.Valid(Yaml).Hash;

        Assert.Equal(hash, GivenSuite.Valid("# why\n" + Yaml.Replace("{ id: a, input: one, ", "{ input: one, id: a, ", StringComparison.Ordinal) + "description: more words\n").Hash);
        Assert.NotEqual(hash, GivenSuite.Valid(Yaml.Replace("contains: x", "contains: y", StringComparison.Ordinal)).Hash);
        Assert.NotEqual(hash, GivenSuite.Valid(Yaml.Replace("input: one", "input: two", StringComparison.Ordinal)).Hash);
        Assert.NotEqual(hash, GivenSuite.Valid(Yaml.Replace("contains: x", "{ contains: x, weight: 2 }", StringComparison.Ordinal)).Hash);
    }

    [Fact]
    public void Rows_become_cases_and_their_other_columns_variables()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "rows.csv"), "\uFEFFquestion,answer,note\n\"What, is\nit?\",\"a \"\"b\"\"\",\nSecond,c,n\n");
        File.WriteAllText(Path.Combine(folder.FullName, "rows.jsonl"), """{"id":"j","question":"Third","answer":"d","repeats":2}""" + "\n\n" + """{"messages":[{"role":"user","content":"Say {{answer}}"}],"answer":"e"}""" + "\n");
        using (var file = File.Create(Path.Combine(folder.FullName, "rows.parquet")))
        {
            var rows = new ParquetWriter(file, [new("question", ColumnKind.Text), new("answer", ColumnKind.Text), new("repeats", ColumnKind.Integer)]);
            rows.Write(["Sixth", "f", 3L]);
            rows.End();
        }

        var suite = GivenSuite.Valid(
            """
            suite: s
            defaults: { expect: [contains: '{{answer}}'] }
            data:
              - { file: rows.csv, fields: { input: question } }
              - { file: rows.jsonl, fields: { input: question } }
              - { file: rows.parquet, fields: { input: question } }
            """, folder.FullName);

        Assert.Equal(["What, is\nit?", "Second", "Third", "Say e", "Sixth"], suite.Cases.Select(one => one.Input));
        Assert.Equal(["a \"b\"", "c", "d", "e", "f"], suite.Cases.Select(one => one.Variables["answer"].GetString()));
        Assert.Equal(2, suite.Cases[2].Repeats);
        Assert.Equal(3, suite.Cases[4].Repeats);
        Assert.Equal(5, suite.Cases.Select(one => one.Id).Distinct().Count());
    }

    [Fact]
    public void A_text_that_is_one_variable_becomes_its_value()
    {
        var suite = GivenSuite.Valid("suite: s\ncases: [{ input: a, vars: { wanted: { b: [1, 2.5] } }, expect: [json-equals: '{{wanted}}'], reference: '{\"b\": [1, 2.5]}' }]");

        Assert.Equal([], ReferenceCheck.Problems(suite));
        Assert.Equal(JsonValueKind.Object, suite.Cases[0].Variables["wanted"].ValueKind);
    }

    [Fact]
    public void A_reference_that_fails_its_own_case_is_told()
    {
        var suite = GivenSuite.Valid("suite: s\ncases: [{ id: a, input: Capital of France?, reference: Lyon, expect: [contains: Paris] }]");

        Assert.Contains("its reference answer fails contains: 'Paris' is not in the answer", Assert.Single(ReferenceCheck.Problems(suite)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelling_in_defaults_is_told_once_and_a_long_list_of_words_not_beside_the_near_one()
    {
        var mistakes = GivenSuite.Problems("suite: s\ndefaults: { template: '{{x}}', expekt: [contains: a] }\ncases: [{ vars: { x: 1 } }, { vars: { x: 2 } }]");
        Assert.Equal("s.suite.yaml:2:32: defaults.expekt: there is no key 'expekt' here. Did you mean 'expect'?", mistakes);

        var kind = GivenSuite.Problems("suite: s\ncases: [{ input: a, expect: [{ type: json-equal, value: 1 }] }]");
        Assert.Equal("s.suite.yaml:2:38: cases[0].expect[0].type: 'json-equal' is not known. Did you mean 'json-equals'?", kind);
        Assert.Contains("is not one of exact, equals, ", GivenSuite.Problems("suite: s\ncases: [{ input: a, expect: [{ type: qqqqqq, value: 1 }] }]"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_the_template_of_all_cases_does_not_use_is_told()
    {
        var (suite, problems) = SuiteReader.Read("suite: s\ndefaults: { template: 'Say {{x}}', expect: [contains: a] }\ncases:\n  - { id: a, input: Hello, vars: { x: 1 } }\n  - { id: b, input: Hello, template: 'Say {{input}}' }", "s.suite.yaml");

        Assert.Equal(2, suite!.Cases.Count);
        Assert.Contains("4:21: cases[0].input: warning: the case's input is not asked: the template of defaults (2:23) does not use it", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_suite_of_the_documentation_is_valid_and_its_references_pass()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "evals.md"));
        var begin = text.IndexOf("```yaml\nsuite: ", StringComparison.Ordinal) + "```yaml\n".Length;
        File.WriteAllText(Path.Combine(folder.FullName, "countries.csv"), "country,capital\nFrance,Paris\n");

        var suite = GivenSuite.Valid(text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)], folder.FullName);

        Assert.Equal(3, suite.Cases.Count);
        Assert.Equal([], ReferenceCheck.Problems(suite));
    }

    [Fact]
    public void Dollars_and_braces_in_prompts_are_left_alone() =>
        Assert.Equal("echo ${HOME} {{x}}", GivenSuite.Valid("suite: s\ncases: [{ input: 'echo ${HOME} {{x}}', expect: [contains: a] }]").Cases[0].Input);

    [Fact]
    public void Images_travel_inside_the_request()
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "dot.png"), [1, 2, 3]);
        var suite = GivenSuite.Valid("suite: s\ncases: [{ input: What is it?, attachments: [dot.png, 'https://example.org/a.jpg'], expect: [contains: a] }]", folder.FullName);

        var body = Encoding.UTF8.GetString(suite.Cases[0].Body.Span);
        Assert.Contains("data:image/png;base64,AQID", body, StringComparison.Ordinal);
        Assert.Contains("https://example.org/a.jpg", body, StringComparison.Ordinal);
        Assert.Equal("What is it?", suite.Cases[0].Input);
    }

    [Fact]
    public void Recorded_answers_hold_text_and_calls()
    {
        var suite = GivenSuite.Valid("suite: s\nintent: tool_use\ncases: [{ input: a, output: { text: t, tool_calls: [{ name: f, arguments: { x: 1 } }] }, expect: [contains: t] }]");

        var call = Assert.Single(suite.Cases[0].Output!.ToolCalls);
        Assert.Equal(("f", """{"x":1}""", Intent.ToolUse), (call.Name, call.Arguments, suite.Cases[0].Intent));
    }

    [Fact]
    public void The_published_schema_is_the_one_that_the_reader_obeys() =>
        Sommelier.TestKit.Approved.Equal(SuiteReader.Schema(), "schema", "suite.schema.json");

    [Fact]
    public void The_samples_are_valid_and_their_references_pass()
    {
        var samples = Directory.GetFiles(Path.Combine(Repository.Root, "samples", "evals"), "*" + SuiteReader.Extension);
        Assert.True(samples.Length >= 6);
        Assert.All(samples, sample =>
        {
            var (suite, problems) = SuiteReader.Read(sample);
            Assert.Equal([], problems.Select(problem => problem.ToString()));
            Assert.True(suite!.Cases.Count >= 20, sample);
            Assert.All(suite.Cases, asked => Assert.NotNull(asked.Reference));
            Assert.Equal([], ReferenceCheck.Problems(suite).Select(problem => problem.ToString()));
        });
    }

    [Theory]
    [InlineData("suite: [")]
    [InlineData("suite: s\ncases: 7")]
    [InlineData("suite: s\ncases: [[]]")]
    [InlineData("suite: s\ncases: [{ input: a, expect: { contains: b } }]\nx: 1\ndata: { fields: x }")]
    [InlineData("suite: s\ncases: [{ input: a, vars: [1], tools: { a: b }, metadata: x, expect: [[1], 2, null], output: [1], reference: { a: 1 } }]")]
    [InlineData("suite: s\ncases: [{ messages: hello, params: [1], expect: [{ type: [a] }] }]")]
    public void Nothing_that_is_written_crashes_the_reader(string yaml) => Assert.NotEmpty(GivenSuite.Problems(yaml));
}
