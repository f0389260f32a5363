using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Upstream;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Resilience;

/// <summary>Tokens that a provider refuses before their end: fetched anew once, and the attempt repeated once.</summary>
public sealed class RefusedTokenTests : IAsyncLifetime
{
    private const string Refusal = """{"error":{"message":"Access token expired.","type":"invalid_request_error"}}""";

    private readonly AttemptRig rig = new();
    private readonly UpstreamHttp http = new();
    private readonly List<FaultServer> servers = [];
    private FaultServer issuer = null!;

    public ValueTask InitializeAsync()
    {
        issuer = new(Token("one"), Token("two"), Token("three"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        await issuer.DisposeAsync();
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        http.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_401_asks_for_another_token_and_the_same_request_passes_with_it(bool streamed)
    {
        var model = Serve(new OpenAICompatible(), Entra(), FaultReply.Error(401, Refusal), ScriptedAnswer.OpenAI.Reply(streamed));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed));

        Assert.Null(received.Error);
        Assert.Equal(["Bearer token-one", "Bearer token-two"], model.Requests.Select(request => request.Headers["Authorization"]));
        Assert.Equal(model.Requests[0].Body, model.Requests[1].Body);
        Assert.Equal(2, issuer.Requests.Count);
        Assert.Equal(AttemptOutcome.Succeeded, Assert.Single(rig.Log).Outcome);
    }

    [Fact]
    public async Task A_second_401_is_a_failure_and_the_next_request_asks_for_no_third_token()
    {
        var model = Serve(new OpenAICompatible(), Entra(), FaultReply.Error(401, Refusal));

        var first = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Equal(GatewayErrorKind.UpstreamUnavailable, first.Error!.Kind);
        Assert.Equal((2, 2), (model.Requests.Count, issuer.Requests.Count));
        Assert.Equal(UpstreamFailureKind.AuthenticationFailed, Assert.Single(rig.Log).Failure!.Kind);

        rig.Time.Advance(TimeSpan.FromSeconds(30));
        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        Assert.Equal((3, 2), (model.Requests.Count, issuer.Requests.Count));
    }

    [Fact]
    public async Task Many_who_are_refused_at_once_make_one_fetch()
    {
        const int Callers = 20;
        var gate = new TaskCompletionSource();
        var refused = FaultReply.Error(401, Refusal) with { GateBefore = -1, Gate = gate.Task };
        var model = Serve(new OpenAICompatible(), Entra(), [.. Enumerable.Repeat(refused, Callers), ScriptedAnswer.OpenAI.Reply(streamed: false)]);

        var calls = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false), []))).ToArray();
        await model.RequestAsync(Callers - 1);
        gate.SetResult();

        Assert.All(await Task.WhenAll(calls), received => Assert.Null(received.Error));
        Assert.Equal((Callers * 2, 2), (model.Requests.Count, issuer.Requests.Count));
    }

    [Fact]
    public async Task A_key_that_never_changes_is_not_sent_again()
    {
        var model = rig.Serve(new OpenAICompatible(), Deployment(), FaultReply.Error(401, Refusal), ScriptedAnswer.OpenAI.Reply(streamed: false));

        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Single(model.Requests);
    }

    [Theory]
    [InlineData("ExpiredTokenException", 2)]
    [InlineData("UnrecognizedClientException:http://internal.amazon.com/coral/", 2)]
    [InlineData("AccessDeniedException", 1)]
    public async Task Of_the_403s_of_AWS_those_about_the_key_are_repeated(string type, int requests)
    {
        await using var container = new FaultServer(AwsKey("ONE"), AwsKey("TWO"));
        var auth = new AwsSigV4Auth(new() { Region = "us-east-1", ContainerAddress = container.Address }, http.SendAsync, rig.Time);
        var model = Serve(new Bedrock(), auth, FaultReply.Error(403, """{"message":"The security token included in the request is expired"}""", ("x-amzn-ErrorType", type)));

        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Equal((requests, requests), (model.Requests.Count, container.Requests.Count));
        Assert.Contains("Credential=ASIAONE/", model.Requests[0].Headers["Authorization"], StringComparison.Ordinal);
        if (requests == 2)
        {
            var again = model.Requests[1].Headers;
            Assert.Contains("Credential=ASIATWO/", again["Authorization"], StringComparison.Ordinal);
            Assert.Contains("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token,", again["Authorization"], StringComparison.Ordinal);
            Assert.Equal("session-TWO", again["X-Amz-Security-Token"]);
        }
    }

    [Fact]
    public async Task A_configured_AWS_key_is_not_sent_again()
    {
        var auth = new AwsSigV4Auth(new() { Region = "us-east-1", Credentials = new("AKID", "secret", "session") }, http.SendAsync, rig.Time);
        var model = Serve(new Bedrock(), auth, FaultReply.Error(403, "{}", ("x-amzn-ErrorType", "ExpiredTokenException")));

        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Single(model.Requests);
    }

    private EntraAuth Entra() => new(new() { TenantId = "t", ClientId = "c", ClientSecret = "a-client-secret", AuthorityAddress = issuer.Address }, http.SendAsync, rig.Time);

    private FaultServer Serve(Provider provider, IRequestAuth auth, params FaultReply[] script)
    {
        var server = new FaultServer(script);
        rig.Use(new ProviderBinding { Name = "cloud", Provider = provider, BaseAddress = server.Address, Auth = auth }, Deployment());
        servers.Add(server);
        return server;
    }

    private static Deployment Deployment() => new() { Id = "cloud/m", Provider = "cloud", Model = "m", CanonicalModel = "m" };

    private static FaultReply Token(string value) => FaultReply.Json($$"""{"access_token":"token-{{value}}","expires_in":3600}""");

    private static FaultReply AwsKey(string name) =>
        FaultReply.Json($$"""{"AccessKeyId":"ASIA{{name}}","SecretAccessKey":"secret-{{name}}","Token":"session-{{name}}","Expiration":"2026-11-23T18:00:00Z"}""");
}
