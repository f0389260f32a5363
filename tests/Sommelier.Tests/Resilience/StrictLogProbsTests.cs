using System.Text;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Log probabilities that OpenAI's reasoning models refuse are refused to a strict caller before anything is sent.</summary>
public sealed class StrictLogProbsTests
{
    public static TheoryData<string, string> Asked => new()
    {
        { "openai-chat", """{"model":"auto","logprobs":true,"messages":[{"role":"user","content":"q"}]}""" },
        { "openai-chat", """{"model":"auto","logprobs":true,"top_logprobs":2,"messages":[{"role":"user","content":"q"}]}""" },
        { "openai-responses", """{"model":"auto","store":false,"top_logprobs":2,"input":"q"}""" },
        { "gemini", """{"model":"auto","contents":[{"role":"user","parts":[{"text":"q"}]}],"generationConfig":{"responseLogprobs":true}}""" },
        { "ollama", """{"model":"auto","stream":false,"logprobs":true,"messages":[{"role":"user","content":"q"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task In_every_dialect_and_at_both_endpoints(string caller, string body)
    {
        foreach (var wire in (string[])["openai-responses", "openai-chat"])
        {
            await using var rig = new AttemptRig();
            var server = rig.Serve(new Sommelier.Providers.OpenAI(), Model(wire, "gpt-thinking", Capabilities.Reasoning), FaultReply.Error(400, """{"error":{"message":"No."}}"""));

            var refused = await rig.ReceiveAsync(Call(caller, body, strict: true));

            Assert.Equal(400, refused.Error!.Status);
            Assert.Contains("logprobs", refused.Error.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Empty(server.Requests);

            _ = await rig.ReceiveAsync(Call(caller, body, strict: false));
            Assert.DoesNotContain("logprobs", server.Requests[0].Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Where_the_model_gives_them_they_are_asked_for(string caller, string body)
    {
        foreach (var wire in (string[])["openai-responses", "openai-chat"])
        {
            await using var rig = new AttemptRig();
            var server = rig.Serve(new Sommelier.Providers.OpenAI(), Model(wire, "gpt-plain", Capabilities.Temperature), FaultReply.Error(400, """{"error":{"message":"No."}}"""));

            _ = await rig.ReceiveAsync(Call(caller, body, strict: true));

            Assert.Contains("logprobs", server.Requests[0].Body, StringComparison.Ordinal);
        }
    }

    private static Deployment Model(string wire, string name, Capabilities more) => new()
    {
        Id = $"openai/{name}", Provider = "openai", Model = name, CanonicalModel = name, WireFormat = wire, Sources = ["models.dev"], Capabilities = Capabilities.Streaming | more,
    };

    private static InboundCall Call(string dialect, string body, bool strict)
    {
        var wire = WireFormats.Get(dialect);
        var bytes = Encoding.UTF8.GetBytes(body);
        return new()
        {
            Format = wire,
            Body = bytes,
            Outline = wire.Requests.Outline(bytes),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch },
            Strict = strict,
        };
    }
}
