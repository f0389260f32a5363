using System.Text.Json.Nodes;
using Sommelier.Catalog;
using Sommelier.Providers;

namespace Sommelier.Tests.Resilience;

/// <summary>Requests for a form, and models that are only asked for it.</summary>
internal static class AnswerForms
{
    public const string Schema = """{"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"price":{"type":"number"}},"required":["price"]}}},"required":["items"],"additionalProperties":false}""";

    // DeepSeek's models know any JSON object, and no schema; of some server's model nobody knows what it does with one.
    public const string OnlyJson = "deepseek";
    public const string Unknown = "some-server";

    public const string Good = """{"items":[{"price":3}]}""";
    public const string Bad = """{"items":[{"price":"3 secret coins"}]}""";

    // In a text that stands in a fence: "```json\n" is of eight letters.
    public const string Annotation = """{"type":"url_citation","url_citation":{"start_index":8,"end_index":13,"url":"https://a.example","title":"T"}}""";

    // A user's text that is followed by the beginning of the answer.
    public const string Begun = """Go."},{"role":"assistant","content":"{\"items\":""";
    public const string Form = $$$""" "response_format":{"type":"json_schema","json_schema":{"name":"cart","schema":{{{Schema}}}}},""";

    public static Sommelier.Upstream.InboundCall Call(bool streamed, string caller = "openai-chat", string more = "") => AttemptRig.Call(
        caller, streamed, more: caller == "openai-chat" ? Form + more : $$$""" "output_config":{"format":{"type":"json_schema","schema":{{{Schema}}}}},{{{more}}}""");

    public static FaultServer Add(AttemptRig rig, string answer, bool streamed, string provider = OnlyJson) => Serve(rig, streamed ? Stream(answer) : Whole(answer), provider);

    public static FaultServer Serve(AttemptRig rig, FaultReply reply, string provider = OnlyJson) => provider == OnlyJson
        ? rig.Serve(new DeepSeek(), Deployment(rig, "deepseek-chat"), reply)
        : rig.Serve(new OpenAICompatible(), Deployment(rig, "some-model") with { Sources = [] }, reply);

    public static Deployment Deployment(AttemptRig rig, string model) => new()
    {
        Id = $"p{rig.Plan.Count}/{model}",
        Provider = $"p{rig.Plan.Count}",
        Model = model,
        CanonicalModel = model,
        Capabilities = Capabilities.Tools | Capabilities.Streaming | Capabilities.JsonObject,
        MaxOutputTokens = 4096,
        Sources = ["test"],
        Price = new() { InputUsdPerMillion = 1, OutputUsdPerMillion = 2, Source = "test", SourceDate = new(2026, 11, 1) },
    };

    public static FaultReply Whole(string answer, string finish = "stop") => FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody
        .Replace("\"Hello world!\"", Quoted(answer), StringComparison.Ordinal).Replace("\"stop\"", $"\"{finish}\"", StringComparison.Ordinal));

    public static FaultReply Stream(string answer) => FaultReply.Events(
        [Chunk("""{"role":"assistant","content":""}"""), .. answer.Chunk(5).Select(piece => Chunk($$"""{"content":{{Quoted(new string(piece))}}}""")), Chunk("{}", "stop"), "data: [DONE]\n\n"]);

    public static string Chunk(string delta, string? finish = null) =>
        $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{(finish is null ? "null" : $"\"{finish}\"")}}}}]}""" + "\n\n";

    public static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    public static string Text(string reply, bool streamed) => streamed
        ? string.Concat(reply.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonNode.Parse(line[6..])!["choices"]![0]?["delta"]?["content"]?.GetValue<string>()))
        : JsonNode.Parse(reply)!["choices"]![0]!["message"]!["content"]!.GetValue<string>();
}
