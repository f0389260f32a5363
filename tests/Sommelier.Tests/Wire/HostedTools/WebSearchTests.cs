using System.Text.Json.Nodes;
using Sommelier.Tests.Wire.OpenAIResponses;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.HostedTools;

/// <summary>The web search of a model's host, between the three formats that have one, and what becomes of other hosted tools.</summary>
public sealed class WebSearchTests
{
    private const string Responses = """
        {"model":"m","input":"News?","tools":[{"type":"web_search","filters":{"allowed_domains":["a.example"]},"search_context_size":"low","user_location":{"type":"approximate","city":"Seoul","country":"KR","timezone":"Asia/Seoul"}}]}
        """;

    private const string Anthropic = """
        {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"News?"}],"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":3,"allowed_domains":["a.example"],"user_location":{"type":"approximate","city":"Seoul"},"cache_control":{"type":"ephemeral"}}],"tool_choice":{"type":"tool","name":"web_search"}}
        """;

    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"News?"}]}],"tools":[{"google_search":{"timeRangeFilter":{"startTime":"2026-01-01T00:00:00Z"}}},{"codeExecution":{}}]}""";

    [Theory]
    [InlineData("openai-responses", "anthropic-messages", """[{"type":"web_search_20250305","name":"web_search","allowed_domains":["a.example"],"user_location":{"type":"approximate","city":"Seoul","country":"KR","timezone":"Asia/Seoul"}}]""", "dropped tools[0].search_context_size")]
    [InlineData("openai-responses", "gemini", """[{"googleSearch":{}}]""", "dropped tools[0].filters.allowed_domains, dropped tools[0].search_context_size, dropped tools[0].user_location")]
    [InlineData("anthropic-messages", "openai-responses", """[{"type":"web_search","filters":{"allowed_domains":["a.example"]},"user_location":{"type":"approximate","city":"Seoul"}}]""", "dropped tools[0].max_uses, dropped tools[0].cache_control")]
    [InlineData("gemini", "openai-responses", """[{"type":"web_search"}]""", "dropped tools[0].google_search.timeRangeFilter, dropped tools[1].codeExecution")]
    [InlineData("gemini", "anthropic-messages", """[{"type":"web_search_20250305","name":"web_search"}]""", "dropped tools[1].codeExecution, dropped tools[0].google_search.timeRangeFilter")]
    public void A_search_becomes_the_targets_own(string from, string to, string tools, string told)
    {
        var (body, warnings) = ResponsesWire.Write(Read(from), WireQuirks.Default, WireFormats.Get(to));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(tools), JsonNode.Parse(body)!["tools"]), body);
        foreach (var warning in told.Split(", "))
        {
            Assert.Contains(warning, warnings, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_forced_search_stays_forced_where_that_can_be_said()
    {
        Assert.Equal("web_search", (string?)JsonNode.Parse(ResponsesWire.Write(Read("anthropic-messages"), WireQuirks.Default).Body)!["tool_choice"]!["type"]);

        var (body, warnings) = ResponsesWire.Write(Read("anthropic-messages"), WireQuirks.Default, WireFormats.Get("gemini"));
        Assert.Contains("dropped tool_choice", warnings, StringComparison.Ordinal);
        Assert.Null(JsonNode.Parse(body)!["toolConfig"]);
    }

    [Theory]
    [InlineData("anthropic-messages", false)]
    [InlineData("openai-responses", false)]
    [InlineData("openai-chat", true)]
    [InlineData("bedrock-converse", true)]
    [InlineData("ollama", true)]
    public void A_target_without_one_says_so(string to, bool quirk)
    {
        var from = to == "openai-responses" ? "anthropic-messages" : "openai-responses";
        var (body, warnings) = ResponsesWire.Write(Read(from) with { ToolChoice = null }, WireQuirks.Default with { WebSearch = quirk }, WireFormats.Get(to));

        Assert.Contains("dropped tools", warnings, StringComparison.Ordinal);
        Assert.DoesNotContain("web_search", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Google_gets_functions_rather_than_a_search()
    {
        var request = ResponsesWire.Read("""{"model":"m","input":"x","tools":[{"type":"web_search"},{"type":"function","name":"f","parameters":{"type":"object"}}]}""");
        var (body, warnings) = ResponsesWire.Write(request, WireQuirks.Default, WireFormats.Get("gemini"));

        Assert.Equal("dropped tools[0]", warnings);
        Assert.Equal("f", (string?)JsonNode.Parse(body)!["tools"]![0]!["functionDeclarations"]![0]!["name"]);
    }

    [Theory]
    [InlineData("openai-responses", Responses)]
    [InlineData("anthropic-messages", Anthropic)]
    public void In_its_own_format_it_is_written_as_it_came(string format, string body)
    {
        var (written, warnings) = ResponsesWire.Write(Read(format), WireQuirks.Default, WireFormats.Get(format));

        Assert.Equal("", warnings);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body)!["tools"], JsonNode.Parse(written)!["tools"]), written);
    }

    private static Sommelier.Canonical.ChatRequest Read(string format) => WireFormats.Get(format).Requests.Read(
        ResponsesWire.Utf8(format switch { "anthropic-messages" => Anthropic, "gemini" => Gemini, _ => Responses }), new("m"));
}
