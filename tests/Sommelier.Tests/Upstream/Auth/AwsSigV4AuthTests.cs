using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Upstream.Auth;

/// <summary>Requests to Bedrock as AWS's own JavaScript SDK signs them; the signatures were measured with it.</summary>
public sealed class AwsSigV4AuthTests
{
    private const string Body = """{"messages":[{"role":"user","content":[{"text":"x"}]}],"inferenceConfig":{"maxTokens":5}}""";
    private const string Host = "https://bedrock-runtime.us-east-1.amazonaws.com";

    [Theory]
    [InlineData(Host + "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", null, "", "", "09132ba9eb7b3e646b010cd9e01d4050ff47792dbb5f43a7867b2e69bd0379bc")]
    [InlineData(Host + "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", "IQoJtoken+/==", ";x-amz-security-token", "", "28eb9ceab2b460ca2be2a7d9bc080a26abdcf909265ddc9d94996346746092cf")]
    [InlineData(Host + "/model/a%2Fb/converse?b=2%20x&a=%2F", null, "", ";x-amzn-bedrock-trace", "d5c106077dcae927b1d1824315a5975947e128686d039efe0b1e4c2233fef367")]
    [InlineData(Host + "/model/a%2Fb/converse?b=2%20x&a=%2F", "IQoJtoken+/==", ";x-amz-security-token", ";x-amzn-bedrock-trace", "17046c6e67a23ab917ce2688e5d5243078aea643dedbeeb2186fb12f04d67c2f")]
    [InlineData("http://localhost:8123/model/m/converse", null, "", "", "484fb7ebf9ae0c43c6cab8e1603785f43fbbf79e4a92f8973b0ff818e31df630")]
    public async Task Signs_as_the_official_client_does(string address, string? token, string tokenHeader, string ownHeader, string signature)
    {
        using var request = Request(address);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "sommelier");
        if (ownHeader.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-Amzn-Bedrock-Trace", "ENABLED");
        }

        await Auth(token).ApplyAsync(request, Encoding.UTF8.GetBytes(Body), TestContext.Current.CancellationToken);

        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date{tokenHeader}{ownHeader}, Signature={signature}",
            Header(request, "Authorization"));
        Assert.Equal("20150830T123600Z", Header(request, "X-Amz-Date"));
        Assert.Equal("9c204ea8fa20c3611ee6a2c1c07323f6bb9787e5d9d17ea9f3952cadc5f8e44c", Header(request, "X-Amz-Content-Sha256"));
        Assert.Equal(token, Header(request, "X-Amz-Security-Token"));
    }

    [Fact]
    public async Task A_header_of_the_configuration_stays()
    {
        using var request = Request(Host + "/model/m/converse");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer configured");

        await Auth("token").ApplyAsync(request, Encoding.UTF8.GetBytes(Body), TestContext.Current.CancellationToken);

        Assert.Equal("Bearer configured", Header(request, "Authorization"));
        Assert.Null(Header(request, "X-Amz-Date"));
    }

    [Fact]
    public void Blots_out_what_AWS_repeats()
    {
        var auth = Auth("IQoJtoken+/==");

        Assert.Equal(
            "The signature does not match: x-amz-security-token:[token] [token] [key] [key id]",
            auth.WithoutSecrets("The signature does not match: x-amz-security-token:IQoJtoken+/== IQoJtoken%2B%2F%3D%3D wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY AKIDEXAMPLE"));
        Assert.DoesNotContain("wJalr", auth.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("IQoJ", auth.ToString(), StringComparison.Ordinal);
    }

    private static AwsSigV4Auth Auth(string? token) => new(
        new() { Region = "us-east-1", Credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token) },
        (_, _) => throw new InvalidOperationException("A configured key is not asked for."),
        new FakeTimeProvider(new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero)));

    private static HttpRequestMessage Request(string address) =>
        new(HttpMethod.Post, address) { Content = new StringContent(Body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
