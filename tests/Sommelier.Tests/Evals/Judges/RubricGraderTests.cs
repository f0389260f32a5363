using Sommelier.Catalog;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Judges;
using Sommelier.Judging;

namespace Sommelier.Tests.Evals.Judges;

/// <summary>How verdicts become grades.</summary>
public sealed class RubricGraderTests
{
    [Theory]
    [InlineData("{\"score\": 0.75, \"reason\": \"good\"}", 0.75, true, "good")]
    [InlineData("```json\n{\"reason\": \"bad\", \"score\": 0.25}\n```", 0.25, false, "bad")]
    [InlineData("{\"pass\": true}", 1, true, "")]
    [InlineData("{\"pass\": false, \"score\": 0.9, \"reason\": \"but\"}", 0.9, false, "but")]
    [InlineData("It does {x} and {\"a\": {\"score\": 0}} wrong.\n\nSo it fails.\n\nGRADE: I", 0, false, "So it fails.")]
    [InlineData("Fine.\nGRADE: C", 1, true, "Fine.")]
    [InlineData("**GRADE: P**", 0.5, true, "")]
    [InlineData("GRADE: 0.25", 0.25, false, "")]
    [InlineData("GRADE: I\nNo, wait.\nGRADE: C", 1, true, "GRADE: I No, wait.")]
    [InlineData("{\"score\": 1}\nOn reflection:\n{\"score\": 0}", 0, false, "")]
    public void Last_verdict_of_a_reply_is_read(string reply, double score, bool pass, string reason) =>
        Assert.Equal(new JudgeVerdict(score, pass, reason), JudgeVerdict.Last(reply, "0123456789abcdef", "an answer"));

    [Theory]
    [InlineData("")]
    [InlineData("It is good.")]
    [InlineData("{\"score\": 7}")]
    [InlineData("{\"score\": \"high\"}")]
    [InlineData("The upgrade: correct")]
    [InlineData("{\"score\": 0.5")]
    public void Reply_without_a_verdict_has_none(string reply) => Assert.Null(JudgeVerdict.Last(reply, "0123456789abcdef", "an answer"));

    [Fact]
    public void Reply_of_braces_is_read_in_a_moment() => Assert.Null(JudgeVerdict.Last(new string('{', 200_000), "0123456789abcdef", "x"));

    [Fact]
    public async Task Threshold_decides_where_there_is_one()
    {
        var judge = new ScriptedJudge((_, _, _) => "{\"score\": 0.75, \"reason\": \"nearly\"}");

        Assert.Equal(new(GradeState.Failed, 0.75, "nearly"), await GradeAsync("""{ "value": "x", "threshold": 0.8 }""", judge));
        Assert.Equal(new(GradeState.Passed, 0.75, "nearly"), await GradeAsync("""{ "value": "x", "threshold": 0.75 }""", judge));
    }

    [Fact]
    public async Task Majority_of_several_judges_decides()
    {
        var judge = new ScriptedJudge((model, _, _) => model == "lab/strict" ? "{\"score\": 0, \"reason\": \"no\"}" : "{\"score\": 0.8, \"reason\": \"yes\"}");

        var grade = await GradeAsync("""{ "value": "x", "judge": ["lab/strict", "lab/mild", "lab/kind"] }""", judge);

        Assert.Equal(GradeState.Passed, grade.State);
        Assert.Equal(0.8, grade.Score, 9);
        Assert.Contains("2 of 3 judges let it pass", grade.Reason);
        Assert.Contains("lab/strict 0 no", grade.Reason);
        Assert.Equal(["lab/kind", "lab/mild", "lab/strict"], judge.Asked.Select(asked => asked.Model).Order());
    }

    [Fact]
    public async Task Judges_that_do_not_answer_make_it_missing_when_they_are_half()
    {
        var judge = new ScriptedJudge((model, _, _) => model == "lab/c" ? "{\"score\": 1}" : throw new JudgeException("the money is spent"));

        Assert.Equal(Grade.Missing("the money is spent"), await GradeAsync("""{ "value": "x", "judge": ["lab/a", "lab/b", "lab/c"] }""", judge));
        Assert.Equal(Grade.Missing("the money is spent"), await GradeAsync("""{ "value": "x", "judge": "lab/a" }""", judge));
    }

    [Fact]
    public async Task Without_a_judge_it_is_missing() =>
        Assert.Contains("name one as judge", (await Settings.Make("""{ "value": "x" }""", RubricGrader.Kind.Create).GradeAsync(new() { Text = "y" }, default)).Reason);

    [Theory]
    [InlineData("lab/gpt-x", "other/gpt-x")]
    [InlineData("lab/gpt-x", "gpt-x")]
    [InlineData("lab/gpt-x", "lab/GPT-X")]
    public async Task Judge_is_never_the_model_under_test(string judge, string contestant)
    {
        var models = new ScriptedJudge((_, _, _) => "{\"score\": 1}");

        var grade = await GradeAsync($$"""{ "value": "x", "judge": ["lab/fine", "{{judge}}"] }""", models, contestant);

        Assert.Equal(Grade.Missing($"the judge {judge} is the model under test; name another"), grade);
        Assert.Empty(models.Asked);
    }

    [Fact]
    public void One_model_at_two_providers_is_one_identity()
    {
        static Deployment At(string provider, string name) => new() { Id = $"{provider}/{name}", Provider = provider, Model = name, CanonicalModel = "x" };
        var catalog = CatalogSnapshot.Create([At("one", "x-2026"), At("two", "maker.x:0")], new Dictionary<string, string> { ["best"] = "two/maker.x:0" });

        Assert.All((string[])["one/x-2026", "two/maker.x:0", "best", "x"], name => Assert.Equal("x", ModelIdentity.Of(name, catalog)));
        Assert.Equal("unknown", ModelIdentity.Of("lab/unknown", catalog));
    }

    [Fact]
    public async Task The_judge_is_shown_the_calls_that_the_answer_makes()
    {
        var judge = new ScriptedJudge((_, _, _) => "{\"score\": 1}");
        var grader = Settings.Make("""{ "value": "Asks for the weather in Seoul" }""", RubricGrader.Kind.Create);

        await grader.GradeAsync(new() { Text = "", Input = "Weather in Seoul?", Judges = judge, ToolCalls = [new("1", "get_weather", "{\"city\":\"Seoul\"}")] }, default);
        await grader.GradeAsync(new() { Text = "Sunny", Input = "Weather in Seoul?", Judges = judge }, default);

        Assert.Contains("\nget_weather({\"city\":\"Seoul\"})\n[end of answer ", judge.Asked[0].User, StringComparison.Ordinal);
        Assert.Contains("calls tools", judge.Asked[0].System, StringComparison.Ordinal);
        Assert.DoesNotContain("calls tools", judge.Asked[1].System, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Presets_give_the_judge_their_own_orders()
    {
        var judge = new ScriptedJudge((_, _, _) => "{\"score\": 1}");

        foreach (var kind in (GraderKind[])[RubricGrader.Kind, RubricGrader.Factuality, RubricGrader.ClosedQuestion])
        {
            await Settings.Make("""{ "value": "The moon is made of rock" }""", kind.Create).GradeAsync(new() { Text = "Rock", Input = "What is the moon?", Judges = judge }, default);
        }

        Assert.Equal(3, judge.Asked.Select(asked => asked.System).Distinct().Count());
        Assert.All(judge.Asked, asked => Assert.Contains("The moon is made of rock", asked.User));
        Assert.Contains("[reference ", judge.Asked[1].User);
    }

    private static async Task<Grade> GradeAsync(string settings, ScriptedJudge judge, string? model = null) =>
        await Settings.Make(settings, RubricGrader.Kind.Create).GradeAsync(new() { Text = "an answer", Input = "a task", Judges = judge, Model = model }, TestContext.Current.CancellationToken);
}
