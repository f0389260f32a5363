using System.Text;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream;

public sealed class StoredFilesTests
{
    private const string FromAnthropic = """{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file_1"}}]}]}""";
    private const string InToolResult = """{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"image","source":{"type":"file","file_id":"file_1"}}]}]}]}""";
    private const string FromResponses = """{"model":"auto","input":[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]}""";

    private const string FromChat = """{"model":"auto","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}},{"type":"text","text":"Read it."}]}]}""";

    private const string GoogleFile = "https://generativelanguage.googleapis.com/v1beta/files/abc";

    [Theory]
    [InlineData("anthropic-messages", FromAnthropic, "openai-compatible", "messages[0].content[0].source.file_id")]
    [InlineData("anthropic-messages", InToolResult, "openai-compatible", "messages[2].content[0].content[0].source.file_id")]
    [InlineData("openai-responses", FromResponses, "gemini", "input[0].content[0].file_id")]
    [InlineData("openai-responses", FromResponses, "anthropic", "input[0].content[0].file_id")]
    public async Task A_file_that_another_vendor_keeps_is_refused_before_anybody_is_asked(string dialect, string body, string provider, string field)
    {
        await using var rig = new AttemptRig();
        var model = rig.Serve(ProviderRegistry.Find(provider)!, Deployment("a"), FaultReply.Error(500, "{}"));

        var received = await rig.ReceiveAsync(Call(dialect, body));

        Assert.Equal((400, field), (received.Error!.Status, received.Error.Field));
        Assert.Contains("Send the file as data", received.Error.Message, StringComparison.Ordinal);
        Assert.Empty(model.Requests);
    }

    [Theory]
    [InlineData("gemini", GoogleFile, "anthropic", "contents[0].parts[0].fileData.fileUri", "uploaded to another vendor")]
    [InlineData("gemini", GoogleFile, "bedrock", "contents[0].parts[0].fileData.fileUri", "uploaded to another vendor")]
    [InlineData("gemini", GoogleFile, "openai", "contents[0].parts[0].fileData.fileUri", "uploaded to another vendor")]
    [InlineData("openai-chat", "gs://b/o.png", "anthropic", "messages[0].content[0].image_url.url", "uploaded to another vendor")]
    [InlineData("openai-chat", "ftp://b/o.png", "anthropic", "messages[0].content[0].image_url.url", "neither an http nor an https address")]
    [InlineData("openai-chat", "s3://b/o.png", "gemini", "messages[0].content[0].image_url.url", "neither an http nor an https address")]
    [InlineData("openai-chat", "gs://b/o.png", "gemini", null, "")]
    [InlineData("openai-chat", GoogleFile, "gemini", null, "")]
    [InlineData("openai-chat", "https://www.youtube.com/watch?v=1", "gemini", null, "")]
    [InlineData("openai-chat", "https://a.example/o.png", "anthropic", null, "")]
    [InlineData("openai-chat", "gs://b/o.png", "openai-compatible", null, "")]
    [InlineData("openai-chat", "s3://b/o.png", "bedrock", null, "")]
    [InlineData("gemini", "gs://b/o.png", "gemini", null, "")]
    public async Task An_address_that_only_its_own_vendor_reads_goes_to_nobody_else(string dialect, string address, string provider, string? field, string why)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(ProviderRegistry.Find(provider)!, Deployment("a"), FaultReply.Error(400, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };
        var body = dialect == "gemini"
            ? """{"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"image/png","fileUri":"ADDRESS"}}]}]}"""
            : """{"model":"auto","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ADDRESS"}}]}]}""";

        var received = await rig.ReceiveAsync(Call(dialect, body.Replace("ADDRESS", address, StringComparison.Ordinal)));

        Assert.Equal(field is null ? 1 : 0, server.Requests.Count);
        Assert.Equal((400, field), (received.Error!.Status, received.Error.Field));
        Assert.Contains(why, received.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_vendors_own_model_is_asked_where_the_plan_has_one()
    {
        await using var rig = new AttemptRig();
        var other = rig.Serve(new OpenAICompatible(), Deployment("a"), FaultReply.Error(500, "{}"));
        var own = rig.Serve(new Anthropic(), Deployment("b"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        await rig.ReceiveAsync(Call("anthropic-messages", FromAnthropic));

        Assert.Empty(other.Requests);
        Assert.Contains("file_1", Assert.Single(own.Requests).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai-responses", FromResponses, "groq", "auto", false)]
    [InlineData("openai-chat", FromChat, "groq", "auto", false)]
    [InlineData("openai-chat", FromChat, "azure", "auto", false)]
    [InlineData("openai-chat", FromChat, "groq", "a/m", true)]
    [InlineData("openai-chat", FromChat, "openai", "auto", true)]
    [InlineData("openai-chat", FromChat, "openai-compatible", "auto", true)]
    [InlineData("anthropic-messages", FromAnthropic, "anthropic-compatible", "auto", true)]
    public async Task Who_speaks_the_vendors_format_has_its_files_only_where_the_caller_names_it(string dialect, string body, string provider, string model, bool asked)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(ProviderRegistry.Find(provider)!, Deployment("a"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        var received = await rig.ReceiveAsync(Call(dialect, body.Replace("\"auto\"", $"\"{model}\"", StringComparison.Ordinal)));

        Assert.Equal(asked ? 1 : 0, server.Requests.Count);
        Assert.Equal(asked, received.Error!.Field?.EndsWith("file_id", StringComparison.Ordinal) is not true);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("gemini")]
    public async Task A_request_under_a_guardrail_of_Bedrocks_goes_to_nobody_else(string provider)
    {
        const string Body = """{"guardrailConfig":{"guardrailIdentifier":"g1","guardrailVersion":"1"},"messages":[{"role":"user","content":[{"text":"q"}]}]}""";
        await using var rig = new AttemptRig();
        var other = rig.Serve(ProviderRegistry.Find(provider)!, Deployment("a"), FaultReply.Error(400, "{}"));
        var refused = await rig.ReceiveAsync(Call("bedrock-converse", Body));

        Assert.Equal((400, "guardrailConfig"), (refused.Error!.Status, refused.Error.Field));
        Assert.Empty(other.Requests);

        await rig.ReceiveAsync(Call("bedrock-converse", Body.Replace("""{"guardrailIdentifier":"g1","guardrailVersion":"1"}""", "null", StringComparison.Ordinal)));
        Assert.NotEmpty(other.Requests);
    }

    [Fact]
    public async Task Bedrock_gets_its_guardrail_where_the_plan_has_it()
    {
        const string Body = """{"guardrailConfig":{"guardrailIdentifier":"g1","guardrailVersion":"1"},"messages":[{"role":"user","content":[{"text":"q"}]}]}""";
        await using var rig = new AttemptRig();
        var other = rig.Serve(ProviderRegistry.Find("anthropic")!, Deployment("a"), FaultReply.Error(500, "{}"));
        var own = rig.Serve(ProviderRegistry.Find("bedrock")!, Deployment("b"), FaultReply.Error(400, "{}"));
        await rig.ReceiveAsync(Call("bedrock-converse", Body));

        Assert.Empty(other.Requests);
        Assert.Contains("\"guardrailIdentifier\":\"g1\"", Assert.Single(own.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_Google_keeps_goes_to_nobody_else()
    {
        const string Body = """{"cachedContent":"cachedContents/abc","contents":[{"role":"user","parts":[{"text":"q"}]}]}""";
        await using var rig = new AttemptRig();
        var other = rig.Serve(ProviderRegistry.Find("anthropic")!, Deployment("a"), FaultReply.Error(500, "{}"));
        var refused = await rig.ReceiveAsync(Call("gemini", Body));

        Assert.Equal((400, "cachedContent"), (refused.Error!.Status, refused.Error.Field));
        Assert.Empty(other.Requests);

        var google = rig.Serve(ProviderRegistry.Find("gemini")!, Deployment("g"), FaultReply.Error(400, "{}"));
        await rig.ReceiveAsync(Call("gemini", Body));
        Assert.Contains("cachedContents/abc", Assert.Single(google.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAIs_two_formats_name_the_same_files()
    {
        await using var rig = new AttemptRig();
        var model = rig.Serve(new OpenAICompatible(), Deployment("a"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        await rig.ReceiveAsync(Call("openai-responses", FromResponses));

        Assert.Contains("file-1", Assert.Single(model.Requests).Body, StringComparison.Ordinal);
    }

    private static InboundCall Call(string format, string text)
    {
        var wire = WireFormats.Get(format);
        var body = Encoding.UTF8.GetBytes(text);
        return new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body, Path(format)),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch, Path = Path(format) },
        };
    }

    private static Canonical.CallPath Path(string format) => format is "gemini" or "bedrock-converse" ? new("auto") : default;

    private static Deployment Deployment(string name) => new() { Id = $"{name}/m", Provider = name, Model = "m", CanonicalModel = "m" };
}
