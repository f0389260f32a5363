using System.Text;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Bedrock's addresses at the edge: ids in every spelling, keys, and refusals in Bedrock's own shape.</summary>
public sealed class BedrockPathTests
{
    private const string Body = """{"messages":[{"role":"user","content":[{"text":"Say hello to the world."}]}]}""";
    private const string Signature = "AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00";

    [Theory]
    [InlineData("lab/one")]
    [InlineData("lab%2Fone")]
    [InlineData("auto")]
    [InlineData("auto%2Ftable")]
    public async Task An_id_may_hold_slashes_raw_or_escaped(string id)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, $"/model/{id}/converse", Body);

        Assert.Equal(200, (int)reply.StatusCode);
        var answer = await Lab.JsonAsync(reply);
        Assert.Equal(ScriptedAnswer.Text, answer.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("end_turn", answer.GetProperty("stopReason").GetString());
        Assert.Equal(ScriptedAnswer.InputTokens + ScriptedAnswer.OutputTokens, answer.GetProperty("usage").GetProperty("totalTokens").GetInt32());
        Assert.Contains("\"model\":\"one\"", lab.Provider.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_frames()
    {
        await using var lab = await Lab.StartAsync(streamed: true);

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/model/auto/converse-stream", Body);
        var frames = Encoding.Latin1.GetString(await reply.Content.ReadAsByteArrayAsync());

        Assert.Equal("application/vnd.amazon.eventstream", reply.Content.Headers.ContentType?.ToString());
        Assert.Equal(["messageStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"], Events(frames).Distinct());
    }

    [Theory]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123")]
    [InlineData("arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc123")]
    public async Task An_ARN_that_nobody_serves_is_named_in_a_refusal_of_Bedrocks_shape(string arn)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, $"/model/{arn}/converse", Body);

        Assert.Equal(404, (int)reply.StatusCode);
        Assert.Equal("ResourceNotFoundException", Ask.Header(reply, "x-amzn-ErrorType"));
        Assert.Contains(Uri.UnescapeDataString(arn), (await Lab.JsonAsync(reply)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/model/auto/converse", 405, "ValidationException")]
    [InlineData("POST", "/model/converse", 404, "ResourceNotFoundException")]
    [InlineData("POST", "/model/auto/invoke", 404, "ResourceNotFoundException")]
    public async Task What_is_not_served_is_refused_in_Bedrocks_shape(string method, string path, int status, string type)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, new HttpMethod(method), path, method == "POST" ? Body : null);

        Assert.Equal((status is 405 ? 400 : status, type), ((int)reply.StatusCode, Ask.Header(reply, "x-amzn-ErrorType")));
    }

    [Fact]
    public async Task Signatures_are_ignored_where_no_key_is_asked()
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/model/auto/converse", Body, ("Authorization", Signature));

        Assert.Equal(200, (int)reply.StatusCode);
    }

    [Fact]
    public async Task Where_keys_are_asked_a_bearer_key_opens_and_a_signature_is_refused_with_the_remedy()
    {
        await using var lab = await Lab.StartAsync(more: "server: { keys: [\"sk-sommelier-test-91aa\"] }");

        using var opened = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/model/auto/converse", Body, ("Authorization", "Bearer sk-sommelier-test-91aa"));
        using var signed = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/model/auto/converse", Body, ("Authorization", Signature));
        using var wrong = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/model/auto/converse", Body, ("Authorization", "Bearer nope"));

        Assert.Equal(200, (int)opened.StatusCode);
        Assert.Equal((403, "AccessDeniedException"), ((int)signed.StatusCode, Ask.Header(signed, "x-amzn-ErrorType")));
        Assert.Contains("AWS_BEARER_TOKEN_BEDROCK", (await Lab.JsonAsync(signed)).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((403, "AccessDeniedException"), ((int)wrong.StatusCode, Ask.Header(wrong, "x-amzn-ErrorType")));
        Assert.Single(lab.Provider.Requests);
    }

    private static IEnumerable<string> Events(string frames) =>
        System.Text.RegularExpressions.Regex.Matches(frames, ":event-type\\x07\\x00.([A-Za-z]+)\\r:content-type", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(5))
            .Select(match => match.Groups[1].Value);
}
