using System.Net;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>Prompts and answers are stored only where the configuration says so, and never with what must be taken out.</summary>
public sealed class BodyTests
{
    private const string Prompt = "I am anna.smith@mail.example, card 4111 1111 1111 1111, from Project Riesling.";
    private static readonly string[] Secrets = ["anna.smith", "4111 1111", "Riesling", "bob@", "mail.example"];

    [Theory]
    [InlineData("")]
    [InlineData("ledger: { bodies: { store: none } }")]
    [InlineData("ledger: { bodies: { max_bytes: 1KiB } }")]
    public async Task Nothing_is_stored_unless_it_is_asked_for(string configured)
    {
        await using var lab = await Lab.StartAsync(more: configured);
        var id = await AskAsync(lab, streamed: false);
        Assert.Equal(HttpStatusCode.NotFound, (await BodiesAsync(lab, id)).Status);
        await lab.Gateway.DisposeAsync();
        AssertClean(lab, "Riesling", "Hello world");
    }

    [Theory]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("anthropic", false)]
    [InlineData("anthropic", true)]
    public async Task Both_bodies_are_stored_without_what_the_rules_take_out(string dialect, bool streamed)
    {
        // The address comes in three pieces of a stream, none of which is one.
        var answer = dialect == "openai" ? ScriptedAnswer.OpenAI : ScriptedAnswer.Anthropic;
        var script = answer.Reply(streamed);
        script = script with { Pieces = [.. script.Pieces.Select(piece => piece.Replace("\"Hello world!\"", "\"Hi bob@mail.example!\"", StringComparison.Ordinal).Replace("\"Hello\"", "\"Hi bo\"", StringComparison.Ordinal).Replace("\" world\"", "\"b@mail.exa\"", StringComparison.Ordinal).Replace("\"!\"", "\"mple!\"", StringComparison.Ordinal))] };
        await using var lab = await Lab.StartAsync(dialect, more: """ledger: { bodies: { store: all, redact: [pii, "(?i)project [a-z]+"] } }""", script: script);
        var id = await AskAsync(lab, streamed, dialect, "bob@mail.example");

        var (status, bodies) = await BodiesAsync(lab, id);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("I am [email], card [card], from [redacted].", bodies.GetProperty("request").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Contains("Hi [email]!", bodies.GetProperty("reply").GetRawText(), StringComparison.Ordinal);
        Assert.Equal((false, false), (bodies.GetProperty("request_cut").GetBoolean(), bodies.GetProperty("reply_cut").GetBoolean()));
        await lab.Gateway.DisposeAsync();
        AssertClean(lab, Secrets);
    }

    [Fact]
    public async Task Of_errors_the_refusal_is_stored_and_of_the_rest_nothing()
    {
        await using var lab = await Lab.StartAsync(more: "ledger: { bodies: { store: errors } }");
        var good = await AskAsync(lab, streamed: false);
        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "no-such-model");
        var bad = Ask.Header(reply, "x-sommelier-request-id")!;

        Assert.Equal(HttpStatusCode.NotFound, (await BodiesAsync(lab, good)).Status);
        var (_, bodies) = await BodiesAsync(lab, bad);
        Assert.Equal("no-such-model", bodies.GetProperty("request").GetProperty("model").GetString());
        Assert.Contains("no-such-model", bodies.GetProperty("reply").GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_stream_is_stored_as_far_as_it_came()
    {
        await using var lab = await Lab.StartAsync(streamed: true, more: "ledger: { bodies: { store: errors } }", script: ScriptedAnswer.OpenAI.Cut(2));
        var id = await AskAsync(lab, streamed: true);
        var (_, bodies) = await BodiesAsync(lab, id);
        Assert.Equal("Hello world", bodies.GetProperty("reply").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_key_that_wants_none_stored_is_left_out_and_callers_read_none()
    {
        await using var lab = await Lab.StartAsync(more: "ledger: { bodies: { store: all } }");
        var (_, closed) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", NoBodies = true }, "test", default);
        var (_, open) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k" }, "test", default);
        Assert.Equal(HttpStatusCode.NotFound, (await BodiesAsync(lab, await AskAsync(lab, streamed: false, key: closed))).Status);
        var id = await AskAsync(lab, streamed: false, key: open);
        Assert.Equal(HttpStatusCode.OK, (await BodiesAsync(lab, id)).Status);
        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"/admin/ledger/{id}/bodies", headers: ("Authorization", $"Bearer {open}"));
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Fact]
    public async Task What_is_too_long_is_cut_and_says_so()
    {
        await using var lab = await Lab.StartAsync(more: "ledger: { bodies: { store: all, max_bytes: 256 } }");
        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Ask.Path("openai"), Ask.Body(model: "lab/one", prompt: new string('x', 2_000)));
        await reply.Content.ReadAsStringAsync();
        var (_, bodies) = await BodiesAsync(lab, Ask.Header(reply, "x-sommelier-request-id")!);
        Assert.True(bodies.GetProperty("request_cut").GetBoolean());
        Assert.StartsWith("xxxx", bodies.GetProperty("request").GetProperty("messages")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.InRange(bodies.GetProperty("request").GetRawText().Length, 100, 256);
    }

    [Theory]
    [InlineData("redact: [\"(?=x)\"]", "ledger.bodies.redact")]
    [InlineData("redact: [\"(\"]", "ledger.bodies.redact")]
    [InlineData("store: some", "ledger.bodies.store")]
    public void A_wrong_rule_is_told(string rule, string named)
    {
        var (config, problems) = Configuration.ConfigReader.Read($"ledger: {{ bodies: {{ {rule} }} }}", "sommelier.yaml", _ => null);
        Assert.Null(config);
        Assert.Contains(problems, problem => problem.ToString().Contains(named, StringComparison.Ordinal));
    }

    private static async Task<string> AskAsync(Lab lab, bool streamed, string dialect = "openai", string said = "", string key = "any")
    {
        using var reply = await Ask.SendAsync(
            lab.Gateway, HttpMethod.Post, Ask.Path(dialect), Ask.Body("lab/one", streamed, prompt: Prompt), ("x-api-key", key));
        try
        {
            var text = await reply.Content.ReadAsStringAsync();
            Assert.True(streamed || text.Contains(said, StringComparison.Ordinal), text);
        }
        catch (HttpRequestException) when (streamed)
        {
            // Broken on purpose.
        }

        return Ask.Header(reply, "x-sommelier-request-id")!;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Bodies)> BodiesAsync(Lab lab, string id)
    {
        // Stored a little after the reply's last byte.
        await lab.Gateway.EntriesAsync(1);
        var (_, viewer) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "v", Role = KeyRole.Viewer }, "test", default);
        for (var patience = 0; ; patience++)
        {
            using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"/admin/ledger/{id}/bodies", headers: ("Authorization", $"Bearer {viewer}"));
            if (reply.StatusCode != HttpStatusCode.NotFound || patience == 20)
            {
                return (reply.StatusCode, await Lab.JsonAsync(reply));
            }

            await Task.Delay(10);
        }
    }

    private static void AssertClean(Lab lab, params string[] secrets)
    {
        var all = lab.Gateway.Log + lab.Gateway.ReadDataFolder();
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }
}
