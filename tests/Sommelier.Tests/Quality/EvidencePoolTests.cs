using Sommelier.Canonical;
using Sommelier.Quality;

namespace Sommelier.Tests.Quality;

public sealed class EvidencePoolTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("eval", 0, 10, 8)]
    [InlineData("judged", 0, 5, 4)]
    [InlineData("feedback", 30, 1.5, 1.2)] // 0.3 halved
    [InlineData("implicit", 60, 0.25, 0.2)] // 0.1 quartered
    [InlineData("eval", -5, 10, 8)] // a clock that went ahead
    public void An_answer_weighs_its_source_and_its_age(string kind, int daysAgo, double mass, double score)
    {
        var cell = Assert.Single(Sum(Of("a/m") with { Kind = EnumNames<EvidenceKind>.Parse(kind)!.Value, ObservedAt = Now.AddDays(-daysAgo) }));

        Assert.Equal(mass, cell.Mass, 12);
        Assert.Equal(score, cell.Score, 12);
        Assert.Equal(10, cell.Answers);
    }

    [Fact]
    public void Deployments_of_one_model_are_one_model()
    {
        var cell = Assert.Single(Sum(
            Of("a/m") with { Source = "r2 (s)" },
            Of("b/m") with { Id = "2", Source = "r1 (s)", Answers = 30, Score = 30 },
            Of("m") with { Id = "3", Kind = EvidenceKind.Feedback, Answers = 2, Score = 1 }));

        Assert.Equal(("m", 40.6, 42), (cell.Model, Math.Round(cell.Mass, 9), cell.Answers));
        Assert.Equal("eval run r1 (s) n=30; eval run r2 (s) n=10; feedback n=2", EvidenceSource.Text(cell.Sources));
    }

    [Fact]
    public void Of_a_model_that_changed_only_what_came_after_counts()
    {
        var cell = Assert.Single(Sum(
            Of("a/m") with { ModelVersion = "m-1", ObservedAt = Now.AddDays(-3) },
            Of("a/m") with { Id = "2", ObservedAt = Now.AddDays(-2) },
            Of("a/m") with { Id = "3", ModelVersion = "m-2", Answers = 4, Score = 1, ObservedAt = Now.AddDays(-1) },
            Of("a/m") with { Id = "4", Answers = 5, Score = 5, ObservedAt = Now }));

        Assert.True(cell.Changed);
        Assert.Equal(9, cell.Answers);
    }

    [Fact]
    public void Two_providers_names_for_one_version_are_no_change() =>
        Assert.False(Assert.Single(Sum(Of("a/m") with { ModelVersion = "m-1" }, Of("b/m") with { Id = "2", ModelVersion = "maker.m-1:0" })).Changed);

    [Theory]
    [InlineData("answers", 0, 0, 1)]
    [InlineData("score", 3, 3.5, 1)]
    [InlineData("score", 3, double.NaN, 1)]
    [InlineData("weight", 3, 1, 0)]
    [InlineData("weight", 3, 1, 1.5)]
    public void What_cannot_be_is_refused(string field, long answers, double score, double weight)
    {
        var refusal = Assert.Throws<QualityException>((Of("a/m") with { Answers = answers, Score = score, Weight = weight }).Check);

        Assert.Equal(field, refusal.Field);
    }

    private static Evidence Of(string model) => new()
    {
        Id = "1", Model = model, Intent = Intent.Coding, Kind = EvidenceKind.Eval, Source = "r (s)", Answers = 10, Score = 8, ObservedAt = Now,
    };

    private static IReadOnlyList<EvidenceCell> Sum(params Evidence[] evidence) =>
        EvidencePool.Sum(evidence, id => id.Split('/')[^1], Now, TimeSpan.FromDays(30));
}
