using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Tests.Resilience;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

/// <summary>A caller of Anthropic's API version 2026-10-21, which puts system messages into the conversation and has no sampling parameters.</summary>
public sealed class AnthropicVersionTests
{
    private const string Version = "2026-10-21";

    private static readonly (string Provider, string Format)[] Targets =
    [
        ("openai", "openai-chat"), ("openai", "openai-responses"), ("anthropic", "anthropic-messages"), ("gemini", "gemini"),
        ("bedrock", "bedrock-converse"), ("ollama", "ollama"),
    ];

    public static TheoryData<string, string, bool> Ways => new(from target in Targets from streamed in (bool[])[false, true] select (target.Provider, target.Format, streamed));

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_kind_of_provider_answers_it(string name, string format, bool streamed)
    {
        var provider = ProviderCase.All.Single(each => each.Provider.Name == name && each.Endpoint.Format == format);
        await using var rig = new AttemptRig();
        var server = provider.Serve(rig, provider.Answer(streamed));

        var received = await rig.ReceiveAsync(Call(streamed, ("anthropic-version", Version)));

        Assert.Null(received.Error);
        Assert.Contains("Hello.", received.Text, StringComparison.Ordinal);
        var seen = Assert.Single(server.Requests);
        Assert.Equal(format == "anthropic-messages" ? Version : null, seen.Headers.GetValueOrDefault("anthropic-version"));
        Assert.Contains("Answer in French.", seen.Body, StringComparison.Ordinal);
        Assert.All(["temperature", "top_p", "top_k", "topP", "topK"], field => Assert.DoesNotContain($"\"{field}\"", seen.Body, StringComparison.Ordinal));
        if (format == "anthropic-messages")
        {
            Assert.Equal("system", (string?)JsonNode.Parse(seen.Body)!["messages"]![1]!["role"]);
        }
    }

    [Theory]
    [InlineData("anthropic-messages", null, "2023-06-01")]
    [InlineData("anthropic-messages", "2023-06-01", "2023-06-01")]
    [InlineData("openai-chat", Version, "2023-06-01")]
    public async Task What_the_gateway_says_itself_is_the_older_version(string caller, string? said, string expected)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("anthropic-messages", ScriptedAnswer.Anthropic.Reply(streamed: false));
        var call = AttemptRig.Call(caller, streamed: false);
        KeyValuePair<string, string>[] headers = said is null ? [] : [new("anthropic-version", said)];

        var received = await rig.ReceiveAsync(new()
        {
            Format = call.Format, Body = call.Body, Outline = call.Outline, Reply = call.Reply, ForwardedHeaders = headers,
        });

        Assert.Null(received.Error);
        Assert.Equal(expected, server.Requests[0].Headers["anthropic-version"]);
    }

    /// <summary>The vendor refuses them beside the newer version at every model; older models take them beside the older one.</summary>
    [Theory]
    [InlineData("\"temperature\":0.2,", "2023-06-01")]
    [InlineData("\"top_p\":0.9,", "2023-06-01")]
    [InlineData("\"top_k\":3,", "2023-06-01")]
    [InlineData("\"metadata\":{\"user_id\":\"temperature\"},", Version)]
    public async Task Sampling_parameters_go_with_the_version_that_has_them(string more, string expected)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("anthropic-messages", ScriptedAnswer.Anthropic.Reply(streamed: false));
        var call = AttemptRig.Call("anthropic-messages", streamed: false, more: more);

        await rig.ReceiveAsync(new()
        {
            Format = call.Format, Body = call.Body, Outline = call.Outline, Reply = call.Reply, ForwardedHeaders = [new("anthropic-version", Version)],
        });

        var seen = Assert.Single(server.Requests);
        Assert.Equal(expected, seen.Headers["anthropic-version"]);
        Assert.Contains(more.TrimEnd(','), seen.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vertex", "vertex-2023-10-16")]
    [InlineData("bedrock", "bedrock-2023-05-31")]
    public async Task Inside_another_vendors_envelope_the_body_names_its_own_version(string name, string expected)
    {
        var provider = ProviderCase.All.Single(each => each.Provider.Name == name && each.Endpoint.Format == "anthropic-messages");
        await using var rig = new AttemptRig();
        var server = provider.Serve(rig, provider.Answer(streamed: false));

        var received = await rig.ReceiveAsync(Call(streamed: false, ("anthropic-version", Version), ("anthropic-beta", "a-1, b-2")));

        Assert.Null(received.Error);
        var seen = Assert.Single(server.Requests);
        Assert.DoesNotContain(seen.Headers.Keys, header => header.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase));
        var body = JsonNode.Parse(seen.Body)!;
        Assert.Equal(expected, (string?)body["anthropic_version"]);
        Assert.Equal(["a-1", "b-2"], body["anthropic_beta"]!.AsArray().Select(beta => (string?)beta));
    }

    private static InboundCall Call(bool streamed, params (string Name, string Value)[] headers)
    {
        var wire = WireFormats.Get("anthropic-messages");
        var body = Encoding.UTF8.GetBytes(
            $$"""
            {"model":"auto","max_tokens":50,"stream":{{(streamed ? "true" : "false")}},"system":"Be brief.",
             "messages":[{"role":"user","content":"Say hello."},{"role":"system","content":"Answer in French."},{"role":"user","content":"Now."}]}
            """);
        return new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch, StreamUsage = streamed },
            ForwardedHeaders = [.. headers.Select(header => new KeyValuePair<string, string>(header.Name, header.Value))],
        };
    }
}
