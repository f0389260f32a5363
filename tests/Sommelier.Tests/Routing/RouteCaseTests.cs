using System.Runtime.CompilerServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Routing.Cascading;

namespace Sommelier.Tests.Routing;

/// <summary>Every file in <c>Cases/</c>: what was decided, word for word. <c>SOMMELIER_APPROVE=1</c> writes what is decided now.</summary>
public sealed class RouteCaseTests
{
    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder(), "*.route").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Decides_as_written(string name)
    {
        var path = Path.Combine(Folder(), name + ".route");
        var text = File.ReadAllText(path);
        var actual = RouteCase.Render(ModelRouter.Decide(RouteCase.Parse(text).Query));
        if (Environment.GetEnvironmentVariable("SOMMELIER_APPROVE") == "1")
        {
            File.WriteAllText(path, $"{text.Split(RouteCase.Divider)[0]}{RouteCase.Divider}\n{actual}");
        }

        Assert.Equal(text.Split(RouteCase.Divider + "\n")[^1], actual);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reads_its_record_back_and_decides_the_same(string name)
    {
        var query = RouteCase.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".route"))).Query;
        var bytes = RouteRecord.Write(ModelRouter.Decide(query));

        var record = RouteRecord.Read(bytes, query.Catalog);

        Assert.True(record.IsExact);
        Assert.Equal(JsonText(bytes), JsonText(RouteRecord.Write(ModelRouter.Decide(record.Query))));
    }

    [Fact]
    public void Every_reason_that_a_decision_can_give_has_a_case()
    {
        var shown = Names.Select(row => File.ReadAllText(Path.Combine(Folder(), row.Data + ".route")).Split(RouteCase.Divider + "\n")[^1].Split('\n', ' ')[0]);

        Assert.Equal([], new[] { "pinned", "cheapest_good_enough", "best_quality", "fastest", "policy_order", "sticky_session", "fallback", "only_candidate", "successor", "split", "canary", "explore", "escalated", "usual_choice" }.Except(shown));
    }

    [Fact]
    public void Every_reason_against_a_cascade_that_a_decision_can_give_has_a_case()
    {
        var shown = string.Concat(Names.Select(row => File.ReadAllText(Path.Combine(Folder(), row.Data + ".route")).Split(RouteCase.Divider + "\n")[^1]));
        var byTheGateway = new[] { CascadeDecline.Budget, CascadeDecline.Bound };

        Assert.Equal([], Enum.GetValues<CascadeDecline>().Except(byTheGateway).Where(why => !shown.Contains($"cascade declined {EnumNames<CascadeDecline>.Of(why)}\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_constraint_has_a_case()
    {
        var shown = string.Concat(Names.Select(row => File.ReadAllText(Path.Combine(Folder(), row.Data + ".route"))));

        Assert.Equal([], ConstraintRegistry.All.Select(c => c.Name).Where(c => !shown.Contains($" {c}: ", StringComparison.Ordinal)));
    }

    private static string JsonText(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return document.RootElement.GetRawText();
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Cases");
}
