using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>What stands beside a schema in the form of the answer, on its way to every format.</summary>
public sealed class FormFieldTests
{
    private const string Chat = """
        {"model":"a","messages":[{"role":"user","content":"Hi"}],
         "response_format":{"type":"json_schema","x_outer":1,"x_null":null,"json_schema":{"name":"cart","description":"What is bought.","x_inner":{"a":2},"schema":{"type":"object","description":"A cart.","properties":{"y":{"type":"string"}}}}}}
        """;

    private const string Responses = """
        {"model":"a","input":"Hi","text":{"verbosity":"low","format":{"type":"json_schema","name":"cart","description":"What is bought.","x_own":1,"schema":{"type":"object"}}}}
        """;

    private const string Anthropic = """
        {"model":"a","max_tokens":5,"messages":[{"role":"user","content":"Hi"}],"output_config":{"format":{"type":"json_schema","x_own":1,"schema":{"type":"object"}}}}
        """;

    [Theory]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    [InlineData("bedrock-converse")]
    [InlineData("ollama")]
    [InlineData("cloudflare-run")]
    public void Unknown_members_of_it_are_named_where_they_are_lost(string target)
    {
        Assert.Equal(["response_format.json_schema.x_inner", "response_format.x_outer"], Dropped(Write("openai-chat", Chat, target).Warnings));
        Assert.Equal(["output_config.format.x_own"], Dropped(Write("anthropic-messages", Anthropic, target == "anthropic-messages" ? "openai-chat" : target).Warnings));
        Assert.Contains("text.format.x_own", Dropped(Write("openai-responses", Responses, target == "openai-responses" ? "openai-chat" : target).Warnings));
    }

    [Theory]
    [InlineData("openai-chat", Chat, "response_format")]
    [InlineData("openai-responses", Responses, "text/format")]
    [InlineData("anthropic-messages", Anthropic, "output_config/format")]
    public void They_stay_where_they_were_in_their_own_format_and_are_named_where_the_form_is_emulated(string format, string body, string place)
    {
        var (native, warnings) = Write(format, body, format);
        var expected = place.Split('/').Aggregate(JsonNode.Parse(body)!, static (node, name) => node[name]!);
        (expected as JsonObject)!.Remove("x_null");
        var sent = place.Split('/').Aggregate(native, static (node, name) => node[name]!);
        Assert.True(JsonNode.DeepEquals(expected, sent), sent.ToJsonString());
        Assert.Empty(warnings);

        var (emulated, losses) = Write(format, body, format, new() { JsonSchema = JsonSchemaSupport.None });
        Assert.DoesNotContain("\"x_", emulated.ToJsonString(), StringComparison.Ordinal);
        Assert.All(Dropped(losses), field => Assert.StartsWith($"{place.Replace('/', '.')}.", field, StringComparison.Ordinal));
        Assert.NotEmpty(Dropped(losses));
    }

    [Theory]
    [InlineData("gemini", "generationConfig/responseJsonSchema/description", "What is bought.\nA cart.")]
    [InlineData("anthropic-messages", "output_config/format/schema/description", "What is bought.\nA cart.")]
    [InlineData("bedrock-converse", "outputConfig/textFormat/structure/jsonSchema/description", "What is bought.")]
    [InlineData("ollama", "format/description", "What is bought.\nA cart.")]
    [InlineData("cloudflare-run", "response_format/json_schema/description", "What is bought.\nA cart.")]
    [InlineData("openai-responses", "text/format/description", "What is bought.")]
    public void What_a_schema_is_for_is_told_in_the_targets_place_for_it_or_in_the_schema(string target, string place, string told)
    {
        var (body, _) = Write("openai-chat", Chat, target);

        Assert.Equal(told, (string?)place.Split('/').Aggregate(body, static (node, name) => node[name]!));
        Assert.Single(body.ToJsonString().Split("What is bought.")[1..]);
    }

    [Theory]
    [InlineData("anthropic-messages")]
    [InlineData("bedrock-converse")]
    [InlineData("openai-chat")]
    public void And_where_the_form_is_emulated(string target)
    {
        var (body, _) = Write("openai-chat", Chat, target, new() { JsonSchema = JsonSchemaSupport.None });

        Assert.Single(body.ToJsonString().Split("What is bought.")[1..]);
    }

    private static string[] Dropped(IEnumerable<Warning> warnings) =>
        [.. warnings.Where(static warning => warning.Code == "dropped").Select(static warning => warning.Field).Order(StringComparer.Ordinal)];

    private static (JsonNode Body, List<Warning> Warnings) Write(string caller, string body, string target, WireQuirks? quirks = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        WireFormats.Get(target).Requests.Write(
            WireFormats.Get(caller).Requests.Read(Encoding.UTF8.GetBytes(body)), new() { Model = "m", Quirks = quirks ?? WireQuirks.Default }, output, warnings);
        return (JsonNode.Parse(output.WrittenSpan)!, warnings);
    }
}
