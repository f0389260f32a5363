using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>A prompt that is marked for the cache in one vendor's way is marked in the other's.</summary>
public sealed class CacheMarksTests
{
    private const string Converse =
        """
        {"system":[{"text":"S"},{"cachePoint":{"type":"default","ttl":"1h"}}],
         "messages":[
          {"role":"user","content":[{"text":"q"},{"cachePoint":{"type":"default"}}]},
          {"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"f","input":{}}}]},
          {"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"r"}]}},{"cachePoint":{"type":"default","ttl":"5m"}}]}],
         "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},{"cachePoint":{"type":"default","ttl":"1h"}}]}}
        """;

    private const string Anthropic =
        """
        {"model":"m","max_tokens":9,
         "system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral","ttl":"1h"}}],
         "messages":[
          {"role":"user","content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"r"}],"cache_control":{"type":"ephemeral","ttl":"5m"}}]}],
         "tools":[{"name":"f","input_schema":{"type":"object","properties":{}},"cache_control":{"type":"ephemeral","ttl":"1h"}}]}
        """;

    [Fact]
    public void Converses_blocks_become_fields_of_what_they_follow()
    {
        var (body, warnings) = Translate("bedrock-converse", Converse, "anthropic-messages", WireQuirks.Default);

        Same("""{"type":"ephemeral","ttl":"1h"}""", body["tools"]![0]!["cache_control"]);
        Same("""[{"type":"text","text":"S","cache_control":{"type":"ephemeral","ttl":"1h"}}]""", body["system"]);
        Same("""[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}}]""", body["messages"]![0]!["content"]);
        Same("""{"type":"ephemeral","ttl":"5m"}""", body["messages"]![2]!["content"]![0]!["cache_control"]);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Two_blocks_behind_one_piece_are_one_mark()
    {
        const string Twice = """{"cachePoint":{"type":"default"}},{"cachePoint":{"type":"default"}}""";
        var (body, warnings) = Translate(
            "bedrock-converse",
            """{"messages":[{"role":"user","content":[{"text":"q"},TWICE]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},TWICE]}}""".Replace("TWICE", Twice, StringComparison.Ordinal),
            "anthropic-messages", WireQuirks.Default);

        Assert.Equal(2, body.ToJsonString().Split("cache_control").Length - 1);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Anthropics_fields_become_blocks_behind_what_they_mark()
    {
        var (body, warnings) = Translate("anthropic-messages", Anthropic, "bedrock-converse", Bedrock("anthropic"));

        Same("""{"cachePoint":{"type":"default","ttl":"1h"}}""", body["toolConfig"]!["tools"]![1]);
        Same("""[{"text":"S"},{"cachePoint":{"type":"default","ttl":"1h"}}]""", body["system"]);
        Same("""[{"text":"q"},{"cachePoint":{"type":"default"}}]""", body["messages"]![0]!["content"]);
        Same("""{"cachePoint":{"type":"default","ttl":"5m"}}""", body["messages"]![2]!["content"]![1]);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_mark_on_the_whole_request_or_a_whole_message_stands_at_its_end()
    {
        var (whole, none) = Translate(
            "anthropic-messages", """{"model":"m","max_tokens":9,"cache_control":{"type":"ephemeral"},"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""", "bedrock-converse", Bedrock("amazon"));
        Same("""[{"text":"c"},{"cachePoint":{"type":"default"}}]""", whole["messages"]![2]!["content"]);
        Assert.Empty(none);

        var (chat, no) = Translate(
            "openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b"}]}]}""", "anthropic-messages", WireQuirks.Default);
        Same("""[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b"}]""", chat["messages"]![0]!["content"]);
        Assert.Empty(no);
    }

    [Fact]
    public void Thinking_takes_no_mark_so_what_stands_before_it_is_marked()
    {
        var (body, warnings) = Translate(
            "bedrock-converse", """{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{"text":"a"},{"reasoningContent":{"reasoningText":{"text":"t","signature":"c2ln"}}},{"cachePoint":{"type":"default"}}]},{"role":"user","content":[{"text":"q2"}]}]}""", "anthropic-messages", WireQuirks.Default);

        Same("""{"type":"ephemeral"}""", body["messages"]![1]!["content"]![0]!["cache_control"]);
        Assert.Null(body["messages"]![1]!["content"]![1]!["cache_control"]);
        Assert.DoesNotContain("cachePoint", body.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("amazon", true, "dropped system[0].cache_control.ttl, dropped tools[0].cache_control", 3)]
    [InlineData("amazon", false, "dropped messages[0].content[0].cache_control, dropped messages[2].content[0].cache_control, dropped system[0].cache_control, dropped tools[0].cache_control", 0)]
    public void What_the_model_does_not_cache_is_dropped_with_a_warning(string maker, bool caches, string losses, int marks)
    {
        var (body, warnings) = Translate("anthropic-messages", Anthropic, "bedrock-converse", Bedrock(maker, caches));

        Assert.Equal(losses, string.Join(", ", Upstreams.Told(warnings).Order(StringComparer.Ordinal)));
        Assert.Equal(marks, body.ToJsonString().Split("cachePoint").Length - 1);
    }

    [Fact]
    public void A_fifth_mark_which_either_vendor_refuses_is_dropped_with_a_warning()
    {
        var texts = string.Join(',', Enumerable.Repeat("""{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""", 5));
        var (body, warnings) = Translate("anthropic-messages", $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{{texts}}]}]}""", "bedrock-converse", Bedrock("anthropic"));

        Assert.Equal(4, body.ToJsonString().Split("cachePoint").Length - 1);
        Assert.Equal(["dropped messages[0].content[4].cache_control"], Upstreams.Told(warnings));
    }

    [Fact]
    public void A_mark_with_nothing_before_it_is_dropped_with_a_warning()
    {
        var (body, warnings) = Translate("bedrock-converse", """{"messages":[{"role":"user","content":[{"cachePoint":{"type":"default"}},{"text":"q"}]}]}""", "anthropic-messages", WireQuirks.Default);

        Assert.DoesNotContain("cache", body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["dropped messages[0].content[0]"], Upstreams.Told(warnings));
    }

    private static (JsonNode Body, List<Warning> Warnings) Translate(string caller, string request, string target, WireQuirks quirks) =>
        Upstreams.Write(WireFormats.Get(target), WireFormats.Get(caller).Requests.Read(System.Text.Encoding.UTF8.GetBytes(request), new CallPath("m")), quirks: quirks);

    private static WireQuirks Bedrock(string maker, bool caches = true) => new Bedrock().Quirks(
        new Deployment
        {
            Id = "bedrock/m", Provider = "bedrock", Model = "m", CanonicalModel = "m", Maker = maker, Sources = ["test"],
            Capabilities = Capabilities.Tools | (caches ? Capabilities.PromptCaching : Capabilities.None),
        },
        "bedrock-converse");

    private static void Same(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
