using System.Text.Json.Nodes;

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
        var plain = FieldOutcome.Of(caller, target, JsonNode.Parse(list.Body)!);
        var vanished = new List<string>();
        foreach (var (path, value, _) in list.Fields.Where(field => field.Why is null))
        {
            var outcome = FieldOutcome.Of(caller, target, list.With(path, JsonNode.Parse(value)));
            if (outcome.IsLike(plain))
            {
                vanished.Add($"{path} {value}");
                continue;
            }

            vanished.AddRange(
                from less in FieldList.Less(JsonNode.Parse(value))
                where !list.Silent.Keys.Any(name => $".{path}{less.Member}".EndsWith($".{name}", StringComparison.Ordinal))
                    && !outcome.IsTold(path + less.Member)
                    && FieldOutcome.Of(caller, target, list.With(path, less.Remainder)).IsLike(outcome)
                select $"{path}{less.Member} of {value}");
        }

        Assert.True(vanished.Count == 0, "\n" + string.Join("\n", vanished));
    }

    // Clients name them in every request: what holds anyway is no loss, at whatever vendor.
    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_setting_that_names_the_usual_case_is_lost_nowhere(string caller, string vendor)
    {
        string[] usual = caller switch
        {
            "openai-chat" =>
            [
                "\"service_tier\":\"auto\"", "\"service_tier\":\"default\"", "\"verbosity\":\"medium\"", "\"modalities\":[\"text\"]", "\"metadata\":{}", "\"store\":false", "\"n\":1",
                "\"logprobs\":false", "\"prediction\":null", "\"verbosity\":null", "\"service_tier\":null", "\"audio\":null",
            ],
            "openai-responses" =>
            [
                "\"service_tier\":\"auto\"", "\"service_tier\":\"default\"", "\"text\":{\"verbosity\":\"medium\"}", "\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":null}", "\"metadata\":{}",
                "\"truncation\":\"disabled\"", "\"service_tier\":null", "\"text\":null",
            ],
            _ => [],
        };
        var list = FieldList.Of(caller);
        var target = Target.All.Single(each => each.Format == vendor);
        var plain = FieldOutcome.Of(caller, target, JsonNode.Parse(list.Body)!);
        foreach (var member in usual)
        {
            var outcome = FieldOutcome.Of(caller, target, JsonNode.Parse($"{{{member},{list.Body[1..]}")!);
            Assert.True(outcome.Warnings.SequenceEqual(plain.Warnings), $"{member}: {outcome.Sent} {string.Join(' ', outcome.Warnings)}");
        }
    }
}
