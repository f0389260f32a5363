using System.Text;
using System.Text.Json;
using Sommelier.TestKit;
using Sommelier.Tests.Resilience;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

/// <summary>What each provider is sent for one request that asks for everything: address, headers, body and losses, held in an approved file.</summary>
public sealed class ProviderRequestTests
{
    private const string Everything = """
        {"model":"auto","max_completion_tokens":900,"stream":true,"stream_options":{"include_usage":true},
         "messages":[{"role":"developer","content":"Be brief."},
          {"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0K"}}]},
          {"role":"assistant","content":"Wait.","reasoning_content":"Hm.","tool_calls":[{"id":"call_a1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
          {"role":"tool","tool_call_id":"call_a1","content":"one"},
          {"role":"user","content":"So?"}],
         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"x":{"type":"integer"}}}}}],
         "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,
         "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object","properties":{"y":{"type":"string"}},"required":["y"],"additionalProperties":false}}},
         "reasoning_effort":"high","temperature":1.7,"top_p":0.5,"top_k":40,"frequency_penalty":0.1,"presence_penalty":0.2,"seed":7,"stop":["END"],"n":1,
         "logit_bias":{"1":-1},"logprobs":true,"top_logprobs":2,"user":"u-1","store":true,"sommelier":{"policy":"frugal"}}
        """;

    [Fact]
    public void Requests_are_the_approved_ones()
    {
        var text = new StringBuilder();
        foreach (var each in ProviderCase.All)
        {
            Write(each, text);
        }

        Approved.Equal(text.ToString(), "tests", "Sommelier.Tests", "Approved", "ProviderRequests.txt");
    }

    private static void Write(ProviderCase each, StringBuilder text)
    {
        var format = WireFormats.Get("openai-chat");
        var body = Encoding.UTF8.GetBytes(Everything);
        var call = new InboundCall
        {
            Format = format,
            Body = body,
            Outline = format.Requests.Outline(body),
            Reply = new() { FallbackId = "r", Model = "auto", Created = DateTimeOffset.UnixEpoch },
        };
        var binding = new ProviderBinding
        {
            Name = each.Provider.Name,
            Provider = each.Provider,
            BaseAddress = each.Provider.AddressOf(name => each.Provider.Settings.Single(setting => setting.Name == name).Default ?? $"the-{name.Replace('_', '-')}") ?? each.Provider.BaseAddress ?? new("https://its-own-address.example/v1/"),
            ApiKey = AttemptRig.Key,
        };
        var bound = new BoundProvider(binding);
        using var request = UpstreamRequest.Write(call, each.Deployment, bound, UpstreamRequest.EndpointFor(call, each.Deployment, bound, TimeProvider.System), media: null);
        text.Append($"## {each}\nPOST {request.Message.RequestUri!.AbsoluteUri}\n");
        foreach (var (name, values) in request.Message.Headers.NonValidated.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            text.Append($"{name}: {values.ToString().Replace(AttemptRig.Key, "KEY", StringComparison.Ordinal)}\n");
        }

        using var sent = JsonDocument.Parse(((PooledContent)request.Message.Content!).Body);
        text.Append(JsonSerializer.Serialize(sent.RootElement)).Append('\n');
        foreach (var warning in request.Warnings)
        {
            text.Append($"  {warning.Code} {warning.Field}: {warning.Detail}\n");
        }

        text.Append('\n');
    }
}
