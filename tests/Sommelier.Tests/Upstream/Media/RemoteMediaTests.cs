using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Upstream;
using Sommelier.Upstream.Media;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream.Media;

public sealed class RemoteMediaTests
{
    private const string Gif = "GIF89a-some-pixels";
    private const string Answer = """{"id":"a","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"A cat."},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""";

    private static readonly string Data = Convert.ToBase64String(Encoding.ASCII.GetBytes(Gif));
    private static readonly MediaOptions Local = new() { Allow = ["127.0.0.1"] };
    private static readonly FaultReply Image = new() { ContentType = "image/gif", Pieces = [Gif] };

    [Fact]
    public async Task A_model_that_fetches_nothing_gets_the_bytes()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var model = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));

        var result = await rig.RunAsync(Call($"{files.Address}cat.gif"));

        Assert.Null(result.Error);
        Assert.Contains(new Warning("emulated", "messages[0].content[1].image_url.url", "fetched by the gateway"), result.Answer!.Warnings);
        Assert.Contains("A cat.", (await AttemptRig.ReadAsync(result.Answer)).Text, StringComparison.Ordinal);
        var sent = Assert.Single(model.Requests).Body;
        Assert.Contains($"data:image/gif;base64,{Data}", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("cat.gif", sent, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> OtherTargets => new()
    {
        { "ollama", "api/chat" },
        { "gemini", "generateContent" },
        { "bedrock", "converse" },
    };

    [Theory]
    [MemberData(nameof(OtherTargets))]
    public async Task Every_format_whose_models_fetch_nothing_gets_them(string provider, string path)
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var model = rig.Serve(ProviderRegistry.Find(provider)!, Deployment("a") with { WireFormat = provider == "ollama" ? "ollama" : "" }, FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        await rig.ReceiveAsync(Call($"{files.Address}cat.gif"));

        Assert.EndsWith(path, model.Requests[0].Path, StringComparison.Ordinal);
        Assert.Contains(Data, model.Requests[0].Body, StringComparison.Ordinal);
        Assert.Single(files.Requests);
    }

    [Fact]
    public async Task An_image_in_Anthropics_words_is_fetched_on_its_way_to_an_endpoint_of_the_same_words()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var model = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };
        var body = $$$"""{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"{{{files.Address}}}cat.gif"}}]}]}""";

        await rig.ReceiveAsync(Call("anthropic-messages", body, Local));

        Assert.Equal("/v1/messages", model.Requests[0].Path);
        Assert.Contains($"\"data\":\"{Data}\"", model.Requests[0].Body, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> DocumentsByAddress => new()
    {
        { "anthropic-messages", """{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"URL"}}]}]}""" },
        { "openai-responses", """{"model":"auto","input":[{"role":"user","content":[{"type":"input_file","file_url":"URL"}]}]}""" },
        { "gemini", """{"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"application/pdf","fileUri":"URL"}}]}]}""" },
    };

    [Theory]
    [MemberData(nameof(DocumentsByAddress))]
    public async Task A_document_by_address_is_fetched_for_a_format_that_reads_images_alone_by_address(string dialect, string body)
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(new FaultReply { ContentType = "application/pdf", Pieces = ["%PDF-1.4"] });
        var model = rig.Serve(new OpenAICompatible(), Deployment("a"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        await rig.ReceiveAsync(Call(dialect, body.Replace("URL", $"{files.Address}a.pdf", StringComparison.Ordinal), Local));

        var sent = Assert.Single(model.Requests).Body;
        Assert.Contains("data:application/pdf;base64,JVBERi0xLjQ=", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("a.pdf", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_by_address_stays_one_where_the_format_has_a_place_for_it()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var model = rig.Serve(new Anthropic(), Deployment("a"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        await rig.ReceiveAsync(Call("openai-responses", $$$"""{"model":"auto","input":[{"role":"user","content":[{"type":"input_file","file_url":"{{{files.Address}}}a.pdf"}]}]}""", Local));

        Assert.Contains($"\"url\":\"{files.Address}a.pdf\"", Assert.Single(model.Requests).Body, StringComparison.Ordinal);
        Assert.Empty(files.Requests);
    }

    [Theory]
    [InlineData("file:///etc/hostname")]
    [InlineData("ftp://example.com/cat.gif")]
    public async Task An_address_that_nobody_fetches_is_the_callers_error(string address)
    {
        await using var rig = new AttemptRig();
        var model = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));

        var received = await rig.ReceiveAsync(Call(address));

        Assert.Equal((400, "messages[0].content[1].image_url.url"), (received.Error!.Status, received.Error.Field));
        Assert.Contains("Send it as data", received.Error.Message, StringComparison.Ordinal);
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task Googles_own_addresses_are_Googles_to_read()
    {
        await using var rig = new AttemptRig();
        var model = rig.Serve(new Gemini(), Deployment("a"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        await rig.ReceiveAsync(Call("https://generativelanguage.googleapis.com/v1beta/files/abc"));

        Assert.Contains("\"fileUri\":\"https://generativelanguage.googleapis.com/v1beta/files/abc\"", model.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_files_than_a_request_may_have_are_refused_before_any_is_fetched()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));

        var received = await rig.ReceiveAsync(Call([.. Enumerable.Range(0, RemoteMedia.MaxFiles + 1).Select(i => $"{files.Address}{i}")]));

        Assert.Equal(400, received.Error!.Status);
        Assert.Empty(files.Requests);
    }

    [Fact]
    public async Task Two_attempts_and_two_mentions_need_one_fetch()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var first = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Error(500, "{}"));
        var second = rig.Serve(new Ollama(), Deployment("b"), FaultReply.Json(Answer));
        rig.Limits = rig.Limits with { MaxAttemptsPerDeployment = 1 };
        var url = $"{files.Address}cat.gif";

        await rig.ReceiveAsync(Call(url, url));

        Assert.Single(first.Requests);

        Assert.Single(files.Requests);
        Assert.Equal(2, Occurrences(Assert.Single(second.Requests).Body, Data));
    }

    [Fact]
    public async Task A_file_that_cannot_be_had_is_the_callers_error_and_no_model_is_asked()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(FaultReply.Html(404));
        var model = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));

        var received = await rig.ReceiveAsync(Call($"{files.Address}secret-path?token=1"));

        Assert.Equal((400, "messages[0].content[1].image_url.url"), (received.Error!.Status, received.Error.Field));
        Assert.Contains("404", received.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", received.Error.Message, StringComparison.Ordinal);
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task A_model_that_fetches_by_itself_answers_where_the_gateway_could_not_fetch()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(FaultReply.Html(404));
        var first = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));
        var second = rig.Serve(new Ollama(), Deployment("b"), FaultReply.Json(Answer));
        var third = rig.Serve(new OpenAICompatible(), Deployment("c"), FaultReply.Json(Answer));

        var received = await rig.ReceiveAsync(Call($"{files.Address}cat.gif"));

        Assert.Null(received.Error);
        Assert.Empty(first.Requests);
        Assert.Empty(second.Requests);
        Assert.Contains("cat.gif", Assert.Single(third.Requests).Body, StringComparison.Ordinal);
        Assert.Single(files.Requests);
    }

    [Fact]
    public async Task The_files_of_a_call_have_a_limit_together()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));
        var urls = Enumerable.Range(0, 3).Select(at => $"{files.Address}{at}").ToArray();

        var within = await rig.ReceiveAsync(Call(Local with { MaxCallBytes = 3 * Gif.Length }, urls));
        var beyond = await rig.ReceiveAsync(Call(Local with { MaxCallBytes = (3 * Gif.Length) - 1 }, urls));

        Assert.Null(within.Error);
        Assert.Equal(400, beyond.Error!.Status);

        // They are fetched side by side, so it may be any of them that is too much.
        Assert.Matches(@"^messages\[0\]\.content\[[123]\]\.image_url\.url$", beyond.Error.Field!);
        Assert.Contains("together", beyond.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP://")]
    [InlineData("http:\\/\\/")]
    public async Task An_address_is_known_however_it_is_written(string scheme)
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var model = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));

        await rig.ReceiveAsync(Call($"{scheme}127.0.0.1:{files.Address.Port}/cat.gif"));

        Assert.Contains(Data, Assert.Single(model.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_own_network_is_off_limits_unless_the_configuration_allows_it()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));

        var received = await rig.ReceiveAsync(Call(MediaOptions.Default, "http://127.0.0.1/cat.gif"));

        Assert.Equal(400, received.Error!.Status);
    }

    [Fact]
    public async Task Where_fetching_is_off_the_image_is_left_out_with_a_warning()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));

        var result = await rig.RunAsync(Call(new MediaOptions { Fetch = false, Allow = ["127.0.0.1"] }, $"{files.Address}cat.gif"));

        Assert.Contains(result.Answer!.Warnings, warning => warning.Code == "dropped");
        await AttemptRig.ReadAsync(result.Answer);
        Assert.Empty(files.Requests);
    }

    [Fact]
    public async Task A_model_that_fetches_by_itself_gets_the_address()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var model = rig.Serve(new OpenAICompatible(), Deployment("a"), FaultReply.Json(Answer));

        await rig.ReceiveAsync(Call($"{files.Address}cat.gif"));

        Assert.Contains("cat.gif", Assert.Single(model.Requests).Body, StringComparison.Ordinal);
        Assert.Empty(files.Requests);
    }

    [Fact]
    public async Task A_caller_that_leaves_while_a_file_is_fetched_gets_nothing_more()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(FaultReply.Nothing);
        var model = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));
        using var caller = new CancellationTokenSource();
        var run = rig.RunAsync(Call($"{files.Address}cat.gif"), caller.Token);
        await files.RequestAsync(0);

        await caller.CancelAsync();

        Assert.Equal(GatewayErrorKind.Canceled, (await run).Error!.Kind);
        Assert.Empty(model.Requests);
    }

    [Fact]
    public void Images_inside_tool_results_are_replaced_too()
    {
        var fetched = new FetchedMedia(new Dictionary<(string, MediaKind), FetchedFile> { [("http://a/", MediaKind.Image)] = File() });
        var request = new ChatRequest
        {
            OriginalModel = "m",
            Format = "openai-chat",
            Messages = [new(Role.Tool, [new ToolCallResponsePart("1", [new UriPart("http://a/", MediaKind.Image), new UriPart("http://b/", MediaKind.Image)])])],
        };

        var parts = Assert.IsType<ToolCallResponsePart>(Assert.Single(fetched.Put(request, []).Messages[0].Parts)).Parts;

        Assert.Equal(Data, Assert.IsType<BlobPart>(parts[0]).Data.ToString());
        Assert.IsType<UriPart>(parts[1]);
    }

    [Fact]
    public async Task Without_room_the_next_candidate_is_asked_and_without_one_the_caller_may_come_back()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        var model = rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer));
        using var held = await rig.Media.FetchAsync($"{files.Address}held.gif", MediaKind.Image, Local, new(long.MaxValue), TestContext.Current.CancellationToken);
        var tight = Local with { MaxBytesInFlight = Gif.Length, Timeout = TimeSpan.FromMilliseconds(200) };

        var refused = await rig.RunAsync(Call(tight, $"{files.Address}cat.gif"));

        Assert.Equal((GatewayErrorKind.UpstreamUnavailable, 503, TimeSpan.FromSeconds(1)), (refused.Error!.Kind, refused.Error.Status, refused.Error.RetryAfter));
        Assert.Contains("the gateway holds as much media as it may", refused.Error.Message, StringComparison.Ordinal);
        Assert.Empty(model.Requests);

        rig.Serve(new OpenAICompatible(), Deployment("b"), FaultReply.Json(Answer));
        var answered = await rig.RunAsync(Call(tight, $"{files.Address}cat.gif"));
        Assert.Equal("b/m", answered.Answer!.Deployment.Id);
        await answered.Answer.DisposeAsync();
    }

    [Fact]
    public async Task What_was_fetched_is_let_go_when_the_answer_begins_and_when_there_is_none()
    {
        await using var rig = new AttemptRig();
        await using var files = new FaultServer(Image);
        rig.Serve(new Ollama(), Deployment("a"), FaultReply.Json(Answer), FaultReply.Error(400, "{}"));

        await using (var result = (await rig.RunAsync(Call($"{files.Address}cat.gif"))).Answer!)
        {
            Assert.Equal(0, rig.Media.Room.Used);
        }

        Assert.NotNull((await rig.RunAsync(Call($"{files.Address}cat.gif"))).Error);
        Assert.Equal(0, rig.Media.Room.Used);
    }

    private static FetchedFile File()
    {
        var bytes = new ChunkedBytes();
        Encoding.ASCII.GetBytes(Gif).CopyTo(bytes.GetMemory());
        bytes.Advance(Gif.Length);
        return new("image/gif", bytes, new());
    }

    private static int Occurrences(string text, string of) => text.Split(of).Length - 1;

    private static InboundCall Call(params string[] urls) => Call(Local, urls);

    private static InboundCall Call(MediaOptions options, params string[] urls)
    {
        var images = string.Concat(urls.Select(url => $$$""",{"type":"image_url","image_url":{"url":"{{{url}}}"}}"""));
        return Call("openai-chat", $$"""{"model":"auto","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"}{{images}}]}]}""", options);
    }

    private static InboundCall Call(string format, string text, MediaOptions options)
    {
        var wire = WireFormats.Get(format);
        var body = Encoding.UTF8.GetBytes(text);
        return new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body, new("auto")),
            Media = options,
            Reply = new() { FallbackId = "reply-1", Model = "auto", Path = new("auto"), Created = DateTimeOffset.UnixEpoch },
        };
    }

    private static Deployment Deployment(string name) => new() { Id = $"{name}/m", Provider = name, Model = "m", CanonicalModel = "m" };
}
