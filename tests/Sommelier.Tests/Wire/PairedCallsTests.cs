using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Calls without results, results without calls and ids that come twice, on their way to targets that refuse them.</summary>
public sealed class PairedCallsTests
{
    private const string Ask = """{"role":"user","content":"q"}""";
    private const string CallsF = """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}""";
    private const string CallsTwo = """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]}""";
    private const string CallsTwins = """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c1","type":"function","function":{"name":"g","arguments":"{}"}}]}""";
    private const string First = """{"role":"tool","tool_call_id":"c1","content":"one"}""";
    private const string Second = """{"role":"tool","tool_call_id":"c1","content":"two"}""";
    private const string Wait = """{"role":"user","content":"wait"}""";
    private const string Unanswered = """{"functionResponse":{"id":"ID","name":"NAME","response":{"error":"This tool call was not answered."}}}""";

    [Fact]
    public void A_result_without_a_call_is_told_to_Gemini_in_words()
    {
        var (body, warnings) = Write("gemini", Ask, First, Wait);

        Assert.Contains("""[{"text":"q"},{"text":"Result of the tool call c1:"},{"text":"one"},{"text":"wait"}]""", body, StringComparison.Ordinal);
        Assert.Equal([("emulated", "messages[1]")], warnings);
    }

    [Fact]
    public void A_call_that_nobody_answered_is_answered_for_Gemini()
    {
        var answer = Unanswered.Replace("ID", "c1", StringComparison.Ordinal).Replace("NAME", "f", StringComparison.Ordinal);

        var (between, warnings) = Write("gemini", Ask, CallsF, Wait);
        var (last, _) = Write("gemini", Ask, CallsF);

        Assert.Contains($$$"""{"role":"user","parts":[{{{answer}}},{"text":"wait"}]}""", between, StringComparison.Ordinal);
        Assert.Contains("{\"role\":\"user\",\"parts\":[" + answer + "]}]", last, StringComparison.Ordinal);
        Assert.Equal([("emulated", "messages[1].tool_calls[0]")], warnings);
    }

    [Fact]
    public void The_second_of_two_calls_is_answered_for_Gemini_behind_the_first_ones_result()
    {
        var (body, warnings) = Write("gemini", Ask, CallsTwo, First, Wait);

        var answer = Unanswered.Replace("ID", "c2", StringComparison.Ordinal).Replace("NAME", "g", StringComparison.Ordinal);
        Assert.Contains("""[{"functionResponse":{"id":"c1","name":"f","response":{"output":"one"}}},ANSWER,{"text":"wait"}]""".Replace("ANSWER", answer, StringComparison.Ordinal), body, StringComparison.Ordinal);
        Assert.Equal([("emulated", "messages[1].tool_calls[1]")], warnings);
    }

    [Fact]
    public void Geminis_own_conversation_is_left_to_it()
    {
        var gemini = WireFormats.Get("gemini");
        var own = gemini.Requests.Read("""{"contents":[{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"a":1}}}]}]}"""u8.ToArray(), new CallPath("m"));

        var (body, warnings) = Upstreams.Write(gemini, own);

        Assert.NotNull(body["contents"]![0]!["parts"]![0]!["functionResponse"]);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("anthropic-messages", "\"tool_use_id\"")]
    [InlineData("bedrock-converse", "\"toolResult\"")]
    public void A_second_result_of_one_call_is_sent_in_words(string target, string result)
    {
        var (body, warnings) = Write(target, Ask, CallsF, First, Second);

        Assert.Equal(2, body.Split(result).Length);
        Assert.Contains("Result of the tool call c1:", body, StringComparison.Ordinal);
        Assert.Contains(("emulated", "messages[3]"), warnings);
    }

    [Theory]
    [InlineData("anthropic-messages", "tool_use", "tool_use_id", "content")]
    [InlineData("bedrock-converse", "toolUse", "toolUseId", "content")]
    public void An_id_that_comes_again_in_a_later_turn_is_sent_as_another_in_call_and_result(string target, string call, string id, string content)
    {
        var (body, warnings) = Write(target, Ask, CallsF, First, CallsF, Second, Wait);
        var (again, _) = Write(target, Ask, CallsF, First, CallsF, Second, Wait);

        var made = System.Text.RegularExpressions.Regex.Matches(body, "call_[A-Za-z0-9]{24}").Select(match => match.Value).ToList();
        Assert.Equal(2, made.Count);
        Assert.Single(made.Distinct());
        Assert.Equal(body, again);
        Assert.Contains(call, body, StringComparison.Ordinal);
        Assert.Contains(content, body, StringComparison.Ordinal);
        Assert.Contains(id, body, StringComparison.Ordinal);
        Assert.Contains(("emulated", "messages[3].tool_calls[0]"), warnings);
        Assert.DoesNotContain("not answered", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_calls_of_one_id_in_one_turn_get_their_results_in_order()
    {
        var (body, _) = Write("anthropic-messages", Ask, CallsTwins, First, Second);

        var other = System.Text.RegularExpressions.Regex.Match(body, "call_[A-Za-z0-9]{24}").Value;
        Assert.Contains($$$"""[{"type":"tool_use","id":"c1","name":"f","input":{}},{"type":"tool_use","id":"{{{other}}}","name":"g","input":{}}]""", body, StringComparison.Ordinal);
        Assert.Contains($$$"""[{"type":"tool_result","tool_use_id":"c1","content":"one"},{"type":"tool_result","tool_use_id":"{{{other}}}","content":"two"}]""", body, StringComparison.Ordinal);
    }

    private static (string Body, List<(string Code, string Field)> Warnings) Write(string target, params string[] messages)
    {
        var (body, warnings) = Upstreams.Write(WireFormats.Get(target), $$$"""{"model":"m","messages":[{{{string.Join(',', messages)}}}]}""");
        return (body.ToJsonString(), [.. warnings.Where(static warning => warning.Field != "tools").Select(static warning => (warning.Code, warning.Field))]);
    }
}
