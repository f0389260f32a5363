using System.Diagnostics;
using System.Text.Json;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Scripts;

namespace Sommelier.Tests.Evals.Scripts;

/// <summary>promptfoo's javascript assertion, run by the real worker.</summary>
public sealed class JavascriptGraderTests
{
    private static readonly GradedAnswer Hello = new()
    {
        Text = "Hello, world",
        Input = "Greet the world",
        Variables = new Dictionary<string, JsonElement> { ["name"] = JsonSerializer.SerializeToElement("world"), ["numbers"] = JsonSerializer.SerializeToElement(new[] { 1, 2 }) },
    };

    [Theory]
    [InlineData("output.includes('Hello')", 1)]
    [InlineData("output.length > 5 && output.endsWith(context.vars.name);", 1)]
    [InlineData("context.prompt === 'Greet the world' && context.vars.numbers[1] === 2", 1)]
    [InlineData("/^hello/i.test(output)", 1)]
    [InlineData("0.25", 0.25)]
    [InlineData("output.split(' ').length", 1)]
    [InlineData("const words = output.split(' ');\nreturn words.length === 2;", 1)]
    [InlineData("if (!output) return false;\nreturn { pass: true, score: 0.5, reason: 'half' };", 0.5)]
    [InlineData("({ pass: true, score: 0.75, reason: 'x' })", 0.75)]
    [InlineData("Promise.resolve(true)", 1)]
    [InlineData("return await_free();\nfunction await_free() { return true; }", 1)]
    [InlineData("(async () => (await Promise.resolve(output)).length === 12)()", 1)]
    [InlineData("JSON.stringify(context.vars) === '{\"name\":\"world\",\"numbers\":[1,2]}'", 1)]
    [InlineData("output.localeCompare('Hello, world') === 0 && 'ﬁ'.normalize('NFKC') === 'fi'", 1)]
    public async Task Passes(string script, double score)
    {
        var grade = await GradeAsync(script);

        Assert.Equal(GradeState.Passed, grade.State);
        Assert.Equal(score, grade.Score);
    }

    [Theory]
    [InlineData("output.includes('Bye')", "the script says no")]
    [InlineData("0", "the script gives 0")]
    [InlineData("({ pass: false, score: 0.75, reason: 'too short' })", "too short")]
    [InlineData("JSON.parse(output).x === 1", "the script threw: Unexpected token 'H'")]
    [InlineData("throw new Error('no')\n", "is not JavaScript", GradeState.Missing)]
    [InlineData("if (output)\n  throw new Error('not today');", "the script threw: not today")]
    [InlineData("Promise.reject(new Error('rejected'))", "rejected")]
    [InlineData("require('fs').existsSync('/')", "require is not defined")]
    [InlineData("System.IO.File.Exists('/etc/passwd')", "System is not defined")]
    [InlineData("importNamespace('System')", "importNamespace is not defined")]
    [InlineData("fetch('http://127.0.0.1')", "fetch is not defined")]
    [InlineData("undefined", "returned nothing", GradeState.Missing)]
    [InlineData("'yes'", "returned \"yes\"", GradeState.Missing)]
    [InlineData("output.includes(", "is not JavaScript", GradeState.Missing)]
    public async Task Does_not_pass(string script, string reason, GradeState state = GradeState.Failed)
    {
        var grade = await GradeAsync(script);

        Assert.Equal(state, grade.State);
        Assert.Contains(reason, grade.Reason);
    }

    [Theory]
    [InlineData("0.6", 0.5, GradeState.Passed)]
    [InlineData("0.4", 0.5, GradeState.Failed)]
    [InlineData("0", 0, GradeState.Passed)]
    [InlineData("({ pass: true, score: 0.4, reason: '' })", 0.5, GradeState.Failed)]
    [InlineData("7", 5, GradeState.Passed)]
    public async Task Threshold_decides_on_scores(string script, double threshold, GradeState state)
    {
        var grade = await GradeAsync(script, $$""", "threshold": {{threshold}}""");

        Assert.Equal(state, grade.State);
        Assert.InRange(grade.Score, 0, 1);
    }

    [Theory]
    [InlineData("while (true) {}\nreturn true;")]
    [InlineData("const all = [];\nwhile (true) all.push(new Array(100000).fill(1));")]
    [InlineData("let s = 'x';\nwhile (true) s += s;")]
    [InlineData("let s = 'x'.repeat(1e6); \nreturn [s += s, s += s, s += s, s += s, s += s, s += s, s += s, s += s, s += s, s += s, s += s].length;")]
    [InlineData("const f = () => f();\nreturn f();")]
    [InlineData("new Proxy({}, { get(target, key, receiver) { return receiver[key]; } }).x")]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + 'b')")]
    [InlineData("2n ** 1000000000n > 1n")]
    [InlineData("new Array(1e6).fill('x'.repeat(1000)).join('y'.repeat(1000)).length")]
    public async Task Bombs_are_contained_and_the_next_script_runs(string script)
    {
        var began = Stopwatch.GetTimestamp();

        var grade = await GradeAsync(script, """, "timeout_seconds": 1""");
        var next = await GradeAsync("output.includes('Hello')");

        Assert.Equal(GradeState.Failed, grade.State);
        Assert.Equal(GradeState.Passed, next.State);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task File_is_a_module_and_gets_the_configuration()
    {
        var folder = Directory.CreateTempSubdirectory("sommelier-scripts-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "check.js"), "module.exports = (output, context) => output.length <= context.config.most;", TestContext.Current.CancellationToken);
            var grader = Settings.Make("""{ "value": "file://check.js", "config": { "most": 12 } }""", JavascriptGrader.Kind.Create, folder);

            Assert.Equal(GradeState.Passed, (await grader.GradeAsync(Hello, TestContext.Current.CancellationToken)).State);
            Assert.Equal(GradeState.Failed, (await grader.GradeAsync(Hello with { Text = "Hello, world!" }, TestContext.Current.CancellationToken)).State);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void File_that_is_absent_is_a_problem_of_the_suite() =>
        Assert.Contains("none.js", Settings.Problems("""{ "value": "file://none.js" }""", JavascriptGrader.Kind.Create, "/suites").Single().ToString());

    [Fact]
    public async Task Without_the_worker_it_is_missing_and_says_so()
    {
        using var absent = new ScriptWorker(null);
        using var broken = new ScriptWorker(["/nowhere/sommelier-worker"]);

        using var failing = new ScriptWorker(["false"]);

        foreach (var worker in (ScriptWorker[])[absent, broken, failing])
        {
            var grade = await Settings.Make("""{ "value": "true" }""", settings => new JavascriptGrader(settings, worker)).GradeAsync(Hello, TestContext.Current.CancellationToken);

            Assert.Equal(GradeState.Missing, grade.State);
            Assert.Contains("script worker", grade.Reason);
        }
    }

    [Fact]
    public async Task Many_threads_get_their_own_answers()
    {
        var grader = Settings.Make("""{ "value": "Number(output)" }""", JavascriptGrader.Kind.Create);

        var grades = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => grader.GradeAsync(Hello with { Text = (number / 200.0).ToString(System.Globalization.CultureInfo.InvariantCulture) }, TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal(Enumerable.Range(0, 200).Select(number => number / 200.0), grades.Select(grade => grade.Score));
    }

    private static async Task<Grade> GradeAsync(string script, string more = "") =>
        await Settings.Make($$"""{ "value": {{JsonSerializer.Serialize(script)}}{{more}} }""", JavascriptGrader.Kind.Create).GradeAsync(Hello, TestContext.Current.CancellationToken);
}
