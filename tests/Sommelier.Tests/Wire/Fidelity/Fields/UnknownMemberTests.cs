namespace Sommelier.Tests.Wire.Fidelity.Fields;

/// <summary>
/// A member that nobody knows, put into each object that a request may hold, is never lost silently: a vendor of the caller's
/// own format gets it, and of any other format's vendor the caller is told, by the path at which it wrote it.
/// </summary>
public sealed class UnknownMemberTests
{
    private const string Name = "zz_odd";

    public static TheoryData<string, string> Pairs => RequestFieldTests.Pairs;

    [Theory]
    [MemberData(nameof(Pairs))]
    public void No_unknown_member_vanishes(string caller, string vendor)
    {
        var list = FieldList.Of(caller);
        var target = Target.All.Single(each => each.Format == vendor);
        var lost = new List<string>();
        foreach (var (path, body) in list.Bodies().SelectMany(body => FieldList.With(body.Body, Name).Where(odd => odd.Path.StartsWith(body.Within, StringComparison.Ordinal))))
        {
            var outcome = FieldOutcome.Of(caller, target, body);
            var isThere = outcome.Sent.Contains(Name, StringComparison.Ordinal);
            if (!isThere && (caller == vendor ? !outcome.IsTold(Owner(path)) : !outcome.IsLossTold(path)))
            {
                lost.Add($"{path} in {body.ToJsonString()}: {string.Join(' ', outcome.Warnings.Select(warning => warning.Field))}");
            }
        }

        Assert.True(lost.Count == 0, "\n" + string.Join("\n", lost.Distinct()));
    }

    // What is said in another way, or left out, takes with it what stands in it.
    private static string Owner(string path) => path.LastIndexOf('.') is > 0 and var dot ? path[..dot] : "";
}
