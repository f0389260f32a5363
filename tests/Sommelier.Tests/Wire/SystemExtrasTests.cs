using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>What a system message of a chat holds beside its words.</summary>
public sealed class SystemExtrasTests
{
    private const string Mark = "{\"type\":\"ephemeral\"}";

    [Theory]
    [InlineData("anthropic-messages", "messages[0].odd")]
    [InlineData("bedrock-converse", "messages[0].odd")]
    [InlineData("gemini", "messages[0].cache_control, messages[0].odd")]
    public void What_the_target_has_no_field_for_is_named(string target, string fields)
    {
        var (_, warnings) = Upstreams.Write(WireFormats.Get(target), Body($$$"""{"role":"system","content":"s","cache_control":{{{Mark}}},"odd":1}"""));

        Assert.Equal(fields.Split(", "), warnings.Where(static warning => warning.Code == "dropped").Select(static warning => warning.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"role":"system","content":"s","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]}""")]
    public void Anthropic_is_told_to_cache_up_to_there(string system)
    {
        var (body, warnings) = Upstreams.Write(WireFormats.Get("anthropic-messages"), Body(system));

        Assert.Equal($$$"""[{"type":"text","text":"s","cache_control":{{{Mark}}}}]""", body["system"]!.ToJsonString());
        Assert.DoesNotContain(warnings, static warning => warning.Code == "dropped");
    }

    [Fact]
    public void A_fifth_mark_which_Anthropic_would_refuse_and_one_of_another_shape_are_named()
    {
        string[] five = [.. Enumerable.Repeat($$$"""{"role":"system","content":"s","cache_control":{{{Mark}}}}""", 5)];
        var (body, warnings) = Upstreams.Write(WireFormats.Get("anthropic-messages"), Body(five));
        var (other, _) = Upstreams.Write(WireFormats.Get("anthropic-messages"), Body("""{"role":"system","content":"s","cache_control":true}"""));

        Assert.Equal(5, body.ToJsonString().Split("cache_control").Length);
        Assert.Equal("messages[4].cache_control", Assert.Single(warnings, static warning => warning.Code == "dropped").Field);
        Assert.DoesNotContain("cache_control", other.ToJsonString(), StringComparison.Ordinal);
    }

    private static string Body(params string[] system) => $$$"""{"model":"m","messages":[{{{string.Join(',', system)}}},{"role":"user","content":"q"}]}""";
}
