using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity.Fields;

/// <summary>
/// No documented field of a request, and no member of one, vanishes between a caller's dialect and a vendor's format: the
/// vendor's request changes with it, or a warning names it.
/// </summary>
public sealed class RequestFieldTests
{
    public static TheoryData<string, string> Pairs => new(from caller in Target.All from vendor in Target.All select (caller.Format, vendor.Format));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void No_field_vanishes(string caller, string vendor)
    {
        var list = FieldList.Of(caller);
        var target = Target.All.Single(each => each.Format == vendor);
        var plain = Outcome(caller, target, JsonNode.Parse(list.Body)!);
        var vanished = new List<string>();
        foreach (var (path, value, _) in list.Fields.Where(field => field.Why is null))
        {
            var outcome = Outcome(caller, target, list.With(path, JsonNode.Parse(value)));
            if (outcome == plain)
            {
                vanished.Add($"{path} {value}");
                continue;
            }

            vanished.AddRange(
                from less in FieldList.Less(JsonNode.Parse(value))
                where !list.Silent.Keys.Any(name => $".{path}{less.Member}".EndsWith($".{name}", StringComparison.Ordinal))
                    && !IsTold(outcome.Warnings, path + less.Member)
                    && Outcome(caller, target, list.With(path, less.Remainder)) == outcome
                select $"{path}{less.Member} of {value}");
        }

        Assert.True(vanished.Count == 0, "\n" + string.Join("\n", vanished));
    }

    // Who is told of a whole is told of what stands in it.
    private static bool IsTold(string warnings, string path) =>
        warnings.Split('\n').Any(field => field.Length > 0 && path.StartsWith(field, StringComparison.Ordinal) && (path.Length == field.Length || path[field.Length] is '.' or '['));

    // What reaches the vendor, and the fields that the caller is told of; the caller's fault where it is one.
    private static (string Sent, string Warnings) Outcome(string caller, Target target, JsonNode body)
    {
        try
        {
            var warnings = new List<Warning>();
            var request = WireFormats.Get(caller).Requests.Read(Encoding.UTF8.GetBytes(body.ToJsonString()), new CallPath("m"));
            var isSame = caller == target.Format;
            request = AnswerReach.Within(isSame ? request : PlainWords.In(request, target.Wire, warnings), isSame, warnings);
            var (written, lost) = target.Bytes(request);
            warnings.AddRange(lost);
            CallerFields.Rename(caller, warnings);
            return (Encoding.UTF8.GetString(written), string.Join('\n', warnings.Select(warning => warning.Field)));
        }
        catch (WireException refused)
        {
            return (refused.Message, "");
        }
    }
}
