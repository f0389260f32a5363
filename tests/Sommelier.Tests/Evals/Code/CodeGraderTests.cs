using Sommelier.Evals.Graders;
using Sommelier.Evals.Graders.Code;
using Sommelier.Evals.Sandbox;

namespace Sommelier.Tests.Evals.Code;

/// <summary>Programs in answers, run with their tests.</summary>
public sealed class CodeGraderTests
{
    private const string Python = """{ "value": "python", "tests": "assert double(2) == 4", "timeout_seconds": 5 }""";
    private const string Javascript = """{ "value": "javascript", "tests": "if (double(2) !== 4) throw new Error('double(2) is ' + double(2));" }""";
    private const string Csharp = """{ "value": "csharp", "tests": "if (Double(2) != 4) throw new Exception($\"Double(2) is {Double(2)}\");", "timeout_seconds": 30 }""";

    [Theory]
    [InlineData(Python, "```python\ndef double(x):\n    return 2 * x\n```")]
    [InlineData(Python, "def double(x):\n    return 2 * x")]
    [InlineData(Python, "First:\n```sh\npip install x\n```\nThen:\n```py\ndef double(x):\n    return 2 * x\n\nif __name__ == '__main__':\n    input()\n```")]
    [InlineData(Javascript, "```js\nconst double = x => 2 * x;\nmodule.exports = { double };\n```")]
    [InlineData(Javascript, "```javascript\nexport function double(x) { return 2 * x; }\n```")]
    [InlineData(Javascript, "```javascript\nconst assert = require('assert');\nexport default function double(x) { assert(x); return 2 * x; }\n```")]
    [InlineData(Csharp, "```csharp\npublic static int Double(int x) => 2 * x;\n```")]
    [InlineData(Csharp, "```csharp\nusing System.Linq;\n\nstatic int Double(int x)\n{\n    return new[] { x, x }.Sum();\n}\n```")]
    public async Task Right_program_passes(string settings, string answer) => Assert.Equal(Grade.Pass, await GradeAsync(settings, answer));

    [Theory]
    [InlineData(Python, "```python\ndef double(x):\n    return x\n```", "AssertionError")]
    [InlineData(Python, "```python\ndef double(x)\n    return x\n```", "SyntaxError")]
    [InlineData(Python, "```python\ndef twice(x):\n    return 2 * x\n```", "NameError: name 'double' is not defined")]
    [InlineData(Python, "```python\nimport sys\nsys.exit(0)\n```", "ended before the tests did")]
    [InlineData(Python, "```python\nimport os\nprint('end')\nos._exit(0)\n```", "ended before the tests did")]
    [InlineData(Python, "```python\nwhile True: pass\n```", "it took longer than 5 s|signal 9")]
    [InlineData(Python, "```python\ndata = []\nwhile True: data.append('x' * 1000000)\n```", "MemoryError")]
    [InlineData(Python, "```ruby\ndef double(x) = 2 * x\n```", "the answer holds no python code")]
    [InlineData(Python, "I cannot write that.", "SyntaxError")]
    [InlineData(Javascript, "```js\nconst double = x => x;\n```", "double(2) is 2")]
    [InlineData(Javascript, "```js\nprocess.exit(0)\n```", "ended before the tests did")]
    [InlineData(Javascript, "```js\nconst all = []; while (true) all.push('x'.repeat(1e6) + all.length);\n```", "signal|memory|longer")]
    [InlineData(Csharp, "```csharp\npublic static int Double(int x) => x;\n```", "Double(2) is 2")]
    [InlineData(Csharp, "```csharp\npublic static int Double(int x) => 2 * x\n```", "error CS1002")]
    public async Task Wrong_program_fails_and_says_why(string settings, string answer, string reasons)
    {
        var grade = await GradeAsync(settings, answer);

        Assert.Equal(GradeState.Failed, grade.State);
        Assert.True(reasons.Split('|').Any(reason => grade.Reason.Contains(reason, StringComparison.Ordinal)), grade.Reason);
    }

    [Fact]
    public async Task Entry_point_is_given_to_check()
    {
        const string settings = """{ "value": "python", "entry_point": "f", "setup": "from typing import List", "tests": "def check(candidate):\n    assert candidate([1]) == 1" }""";

        Assert.Equal(Grade.Pass, await GradeAsync(settings, "def f(numbers: List[int]): return numbers[0]"));
        Assert.Contains("the answer does not define 'f'", (await GradeAsync(settings, "def g(numbers): return 1")).Reason);
    }

    [Fact]
    public async Task Last_block_that_defines_the_entry_point_is_the_program()
    {
        const string settings = """{ "value": "python", "entry_point": "f", "tests": "def check(candidate):\n    assert candidate() == 2" }""";
        const string answer = "A draft:\n```python\ndef f():\n    # first thoughts, and much longer than the final version\n    return 1\n```\nBetter:\n```python\ndef f(): return 2\n```\nUse:\n```python\nprint(f())\n```";

        Assert.Equal(Grade.Pass, await GradeAsync(settings, answer));
    }

    [Fact]
    public async Task Without_a_sandbox_nothing_runs()
    {
        var proof = Path.Combine(Path.GetTempPath(), $"sommelier-unsandboxed-{Guid.NewGuid():N}");
        var grader = Settings.Make(Python, settings => new CodeGrader(settings, () => Task.FromResult(new SandboxSearch(null, "there is no sandbox here; install one"))));

        var grade = await grader.GradeAsync(new GradedAnswer { Text = $"open('{proof}', 'w')\ndef double(x): return 2 * x" }, TestContext.Current.CancellationToken);

        Assert.Equal(Grade.Missing("there is no sandbox here; install one"), grade);
        Assert.False(File.Exists(proof));
    }

    [Fact]
    public async Task Case_without_tests_or_language_is_missing()
    {
        Assert.Equal(GradeState.Missing, (await GradeAsync("""{ "value": "python" }""", "x = 1")).State);
        Assert.Equal(GradeState.Missing, (await GradeAsync("""{ "tests": "assert x" }""", "x = 1")).State);
    }

    [Fact]
    public void Unknown_language_is_a_problem_of_the_suite() =>
        Assert.Contains("'cobol'", Settings.Problems("""{ "value": "cobol" }""", CodeGrader.Kind.Create).Single().ToString());

    private static async Task<Grade> GradeAsync(string settings, string answer)
    {
        if ((await SandboxSearch.Once()).Sandbox is null)
        {
            Assert.Skip((await SandboxSearch.Once()).Problem);
        }

        return await Settings.Make(settings, CodeGrader.Kind.Create).GradeAsync(new GradedAnswer { Text = answer }, TestContext.Current.CancellationToken);
    }
}
