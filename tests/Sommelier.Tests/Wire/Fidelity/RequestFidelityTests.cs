using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>What becomes of each thing that a caller may ask for, at each kind of target: the upper half of docs/fidelity.md.</summary>
public sealed class RequestFidelityTests
{
    public static TheoryData<string, string> Cases =>
        new(from target in Target.All from feature in RequestFeature.All select (target.Format, feature.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_that_a_caller_asks_for_is_lost_silently(string format, string feature) =>
        Assert.NotEqual("LOST", Outcome(Target.All.Single(target => target.Format == format), RequestFeature.All.Single(asked => asked.Name == feature)).Word);

    /// <summary>One word, and the reason where it is not <c>kept</c>.</summary>
    internal static (string Word, string Reason) Outcome(Target target, RequestFeature feature)
    {
        var request = feature.Add(RequestFeature.Plain, target.Wire.SealVendor ?? "none");
        var losses = new List<Warning>();
        var (body, written) = target.Bytes(AnswerReach.Within(PlainWords.In(request, target.Wire, losses), target.Wire.LogProbs, losses));
        var warnings = losses.Concat(written).ToList();
        var back = target.Wire.Requests.Read(body, new CallPath(request.OriginalModel));
        foreach (var code in (ReadOnlySpan<string>)["dropped", "clamped", "emulated", "malformed"])
        {
            if (warnings.FirstOrDefault(warning => warning.Code == code) is { } warning)
            {
                return (code, warning.Detail);
            }
        }

        if (warnings.Count > 0)
        {
            return (warnings[0].Code, warnings[0].Detail);
        }

        return feature.Probe(back) == feature.Probe(request) ? ("kept", "") : ("LOST", $"'{feature.Probe(request)}' became '{feature.Probe(back)}'");
    }
}
