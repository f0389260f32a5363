using System.Text.Json;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Evals;

/// <summary>Data sets of openai/evals, OpenAI's Evals API and Inspect, imported by the verb and run: each grader passes and fails as its own tool's does.</summary>
public sealed class ImportedDataSetTests : IDisposable
{
    private const string Registry = """
        capitals: { id: capitals.dev.v0, metrics: [accuracy] }
        capitals.dev.v0: { class: "evals.elsuite.basic.CLASS", args: { samples_jsonl: samples.jsonl ARGS } }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("match:Match", "", "Paris", "Paris, of course", true)]
    [InlineData("match:Match", "", "Paris", "It is Paris", false)]
    [InlineData("match:Match", "", """["Bern","Berne"]""", "Berne", true)]
    [InlineData("match:Match", "", """["Bern","Berne"]""", "Basel", false)]
    [InlineData("includes:Includes", "", "Paris", "It is Paris", true)]
    [InlineData("includes:Includes", "", "Paris", "it is paris", false)]
    [InlineData("includes:Includes", ", ignore_case: true", "Paris", "it is paris", true)]
    [InlineData("fuzzy_match:FuzzyMatch", "", "the red fox jumps", "A red fox!", true)]
    [InlineData("fuzzy_match:FuzzyMatch", "", "the red fox jumps", "a grey wolf", false)]
    [InlineData("json_match:JsonMatch", "", """{\"a\": 1, \"b\": [2]}""", """{"b":[2],"a":1}""", true)]
    [InlineData("json_match:JsonMatch", "", """{\"a\": 1}""", """{"a":2}""", false)]
    public async Task A_class_of_openai_evals_grades_as_it_does_there(string grader, string arguments, string ideal, string answer, bool passes)
    {
        var registry = folder.Write("registry.yaml", Registry.Replace("CLASS", grader, StringComparison.Ordinal).Replace(" ARGS", arguments, StringComparison.Ordinal));
        folder.Write("samples.jsonl", $$"""{"input":[{"role":"system","content":"Answer in a word."},{"role":"user","content":"Where?"}],"ideal":{{(ideal.StartsWith('[') ? ideal : $"\"{ideal}\"")}}}""" + "\n");

        var (results, request) = await RunAsync(answer, registry);

        Assert.Equal([passes], results);
        Assert.Equal("system: Answer in a word.|user: Where?", request);
    }

    [Theory]
    [InlineData("""{"type":"string_check","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","operation":"eq"}""", "wine", "wine", true)]
    [InlineData("""{"type":"string_check","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","operation":"eq"}""", "wine", "Wine", false)]
    [InlineData("""{"type":"string_check","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","operation":"ne"}""", "wine", "beer", true)]
    [InlineData("""{"type":"string_check","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","operation":"ilike"}""", "wine", "Red WINE.", true)]
    [InlineData("""{"type":"string_check","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","operation":"like"}""", "wine", "Red WINE.", false)]
    [InlineData("""{"type":"text_similarity","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","evaluation_metric":"rouge_l","pass_threshold":0.9}""", "a dry white wine", "a dry white wine", true)]
    [InlineData("""{"type":"text_similarity","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","evaluation_metric":"rouge_l","pass_threshold":0.9}""", "a dry white wine", "beer", false)]
    [InlineData("""{"type":"text_similarity","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","evaluation_metric":"meteor","pass_threshold":0.9}""", "a dry white wine", "dry white wines", false)]
    [InlineData("""{"type":"text_similarity","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","evaluation_metric":"meteor","pass_threshold":0.7}""", "a dry white wine", "dry white wines", true)]
    public async Task A_grader_of_the_Evals_API_grades_as_it_does_there(string criterion, string label, string answer, bool passes)
    {
        var source = folder.Write("eval.json", $$$$"""
            {"eval":{"id":"eval_1","name":"drinks","testing_criteria":[{{{{criterion}}}}] },
             "run":{"id":"run_1","data_source":{"type":"completions","input_messages":{"type":"template","template":[{"role":"user","content":"What is {{item.text}}?"}]}}},
             "rows":[{"item":{"text":"Riesling","label":"{{{{label}}}}" } }] }
            """);

        var (results, request) = await RunAsync(answer, source);

        Assert.Equal([passes], results);
        Assert.Equal("user: What is Riesling?", request);
    }

    [Fact]
    public async Task Assertions_of_promptfoo_that_depend_on_a_dialect_a_dictionary_or_a_measure_are_told_or_kept()
    {
        var source = folder.Write("promptfooconfig.yaml", """
            prompts: [Hello]
            providers: [openai:chat:gpt-4.1-mini]
            tests:
              - assert:
                  - { type: is-sql }
                  - { type: contains-sql, value: { databaseType: PostgreSQL } }
                  - { type: is-sql, value: { databaseType: Sqlite, allowedTables: ['select::null::a'] } }
                  - { type: not-is-sql, value: { databaseType: Sqlite } }
                  - { type: meteor, value: some words, alpha: 0.8, threshold: 0.4 }
                  - { type: 'similar:euclidean', value: some words, threshold: 1.2 }
            """);
        var suite = Path.Combine(folder.Path, "a.suite.yaml");

        var imported = await EvalWorld.InvokeAsync("eval", "import", source, "--out", suite, "--json");

        var notes = JsonDocument.Parse(imported.Output).RootElement.GetProperty("notes").ToString();
        Assert.Contains("MySQL's is asked for", notes, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL's is asked for", notes, StringComparison.Ordinal);
        Assert.Contains("allowed tables", notes, StringComparison.Ordinal);
        Assert.Contains("WordNet", notes, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(suite, TestContext.Current.CancellationToken);
        Assert.Equal(1, text.Split("sql").Length - 1);
        foreach (var kept in (string[])["not-is-sql", "alpha: 0.8", "measure: euclidean", "threshold: 1.2"])
        {
            Assert.Contains(kept, text, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await EvalWorld.InvokeAsync("config", "check", suite)).ExitCode);
    }

    [Theory]
    [InlineData("match(location=end)", "42", "The answer is 42.", true)]
    [InlineData("match(location=end)", "42", "42 is the answer", false)]
    [InlineData("match(location=begin)", "42", "42 is the answer", true)]
    [InlineData("match(location=end,numeric=true)", "42", "It makes $42.00", true)]
    [InlineData("includes", "forty", "FORTY two", true)]
    [InlineData("includes", "forty", "fifty", false)]
    [InlineData("exact", "The Answer", "answer!", true)]
    [InlineData("exact", "The Answer", "an answer to it", false)]
    [InlineData("answer(line)", "forty two", "I think.\nANSWER: forty two", true)]
    [InlineData("answer(line)", "forty two", "forty two", false)]
    public async Task A_scorer_of_Inspect_grades_as_it_does_there(string scorer, string target, string answer, bool passes)
    {
        var source = folder.Write("set.jsonl", $$"""{"input":"How much?","target":"{{target}}","id":"one","hall":"north"}""" + "\n");

        var (results, request) = await RunAsync(answer, source, "--scorer", scorer);

        Assert.Equal([passes], results);
        Assert.Equal("user: How much?", request);
    }

    [Fact]
    public async Task Columns_by_other_names_and_choices_of_a_CSV_are_read()
    {
        var source = folder.Write("set.csv", "question,answer,choices\nWhich is red?,B,\"[\"\"Sky\"\",\"\"Rose\"\"]\"\n");

        var (results, request) = await RunAsync("ANSWER: B", source, "--format", "inspect", "--scorer", "choice", "--fields", "input=question,target=answer");

        Assert.Equal([true], results);
        Assert.Contains("B) Rose", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_carried_over_is_named_and_strict_writes_nothing()
    {
        var source = folder.Write("eval.json", """
            {"eval":{"id":"e","name":"drinks","testing_criteria":[
               {"type":"string_check","name":"g","input":"{{sample.output_text}}","reference":"{{item.label}}","operation":"eq"},
               {"type":"python","name":"p","source":"def grade(sample, item):\n  return 1.0"}]},
             "run":{"id":"run_1","data_source":{"type":"completions","input_messages":{"type":"template","template":[{"role":"user","content":"What is {{item.text}}?"}]}}},
             "rows":[{"item":{"text":"Riesling","label":"wine"}}]}
            """);
        var suite = Path.Combine(folder.Path, "out.suite.yaml");

        var strict = await EvalWorld.InvokeAsync("eval", "import", source, "--out", suite, "--strict", "--json");

        Assert.Equal(2, strict.ExitCode);
        Assert.False(File.Exists(suite));
        var note = Assert.Single(JsonDocument.Parse(strict.Output).RootElement.GetProperty("notes").EnumerateArray(), note => note.GetProperty("kind").GetString() == "lost" && note.GetProperty("path").GetString()!.Contains("testing_criteria[1]", StringComparison.Ordinal));
        Assert.NotEqual("", note.GetProperty("remedy").GetString());
    }

    [Theory]
    [InlineData("broken.json", "{\"eval\": {", "openai-evals-api")]
    [InlineData("empty.jsonl", "", "inspect")]
    [InlineData("battle.yaml", "b: { id: b.v0 }\nb.v0: { class: evals.elsuite.modelgraded.battle:Battle, args: { samples_jsonl: none.jsonl } }\n", "openai-evals")]
    [InlineData("text.jsonl", "just words\n", "openai-evals")]
    public async Task What_is_no_evaluation_is_refused_by_file_and_reason(string name, string content, string format)
    {
        var result = await EvalWorld.InvokeAsync("eval", "import", folder.Write(name, content), "--format", format, "--out", Path.Combine(folder.Path, "out.suite.yaml"));

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("sommelier: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private async Task<(IReadOnlyList<bool> Passed, string Request)> RunAsync(string answer, string source, params string[] options)
    {
        await using var provider = new FaultServer(0, (_, _) => FaultReply.Json(
            $$$"""{"id":"1","object":"chat.completion","created":1,"model":"gpt-4.1-mini","choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(answer)}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}"""));
        var config = folder.Write("sommelier.yaml", $"discover: false\nproviders: {{ openai: {{ api_key: k, base_url: '{provider.Address}v1' }} }}\n");
        var suite = Path.Combine(folder.Path, "out.suite.yaml");
        var run = Path.Combine(folder.Path, "run");
        var imported = await EvalWorld.InvokeAsync(["eval", "import", source, "--out", suite, .. options]);
        Assert.True(imported.ExitCode == 0, imported.Error + imported.Output);

        var result = await EvalWorld.InvokeAsync("eval", "run", suite, "--models", "openai/gpt-4.1-mini", "--config", config, "--data", folder.Path, "--out", run, "--yes", "--json");

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var messages = JsonDocument.Parse(Assert.Single(provider.Requests).Body).RootElement.GetProperty("messages").EnumerateArray();
        return (
            [.. File.ReadLines(Path.Combine(run, "results.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("passed").GetBoolean())],
            string.Join('|', messages.Select(message => $"{message.GetProperty("role").GetString()}: {message.GetProperty("content").GetString()}")));
    }
}
