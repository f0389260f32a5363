using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Faults;

/// <summary>A provider that does not know a model: caller, log and decision say which model, and what to check.</summary>
public sealed class UnknownModelTests
{
    private const string Error = """{"error":{"message":"The model `one` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""";

    [Fact]
    public async Task It_is_named_with_the_remedy_wherever_it_shows()
    {
        await using var lab = await Lab.StartAsync(script: FaultReply.Error(404, Error));

        using var first = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one");
        using var second = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one");

        Assert.Equal(502, (int)first.StatusCode);
        var told = (await Lab.JsonAsync(first)).GetProperty("error");
        Assert.StartsWith("lab/one: its provider does not know this model.", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("base_url", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("model_not_found", told.GetProperty("code").GetString());

        // It pauses, and the decision says why.
        const string why = "its provider does not know the model 'one': check the id, and base_url, under providers.lab";
        Assert.Equal(503, (int)second.StatusCode);
        Assert.Contains(why, (await Lab.JsonAsync(second)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(lab.Provider.Requests);
        await lab.Gateway.EntriesAsync(2);
        using var decision = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/decisions/" + Ask.Header(second, "x-sommelier-request-id"));
        Assert.Contains(why, await decision.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Contains("because its provider does not know the model 'one'. Check the id, and base_url, under providers.lab. Status 404", lab.Gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", lab.Gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}""", "its provider refused the key")]
    [InlineData(402, """{"error":{"message":"Insufficient balance","type":"billing"}}""", "the account at its provider is used up")]
    [InlineData(429, """{"error":{"message":"Slow down","type":"rate_limit_error"}}""", "its provider asked for a pause")]
    public async Task Other_pauses_say_what_they_came_from(int status, string body, string why)
    {
        await using var lab = await Lab.StartAsync(script: FaultReply.Error(status, body, ("retry-after", "60")), more: "resilience: { max_attempts_per_deployment: 1 }");

        using var first = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one");
        using var second = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one");

        Assert.Contains(why + ";", (await Lab.JsonAsync(second)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
