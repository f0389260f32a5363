using Sommelier.Canonical;

namespace Sommelier.Tests.Resilience;

/// <summary>Rows 1 to 3 of the stream-failure contract: as long as nothing has reached the caller, it notices nothing but a later start.</summary>
public sealed class BeforeCommitTests
{
    /// <summary>A fault, how it is scripted for a format and kind of answer, and how the attempt is recorded.</summary>
    private static readonly (string Name, Func<ScriptedAnswer, bool, FaultReply> Script, UpstreamFailureKind[] Kinds)[] Faults =
    [
        ("429", (answer, _) => FaultReply.Error(429, answer.ErrorFor(429), ("retry-after", "30")), [UpstreamFailureKind.RateLimited]),
        ("408", (answer, _) => FaultReply.Error(408, answer.ErrorFor(408)), [UpstreamFailureKind.Unavailable]),
        ("409", (answer, _) => FaultReply.Error(409, answer.ErrorFor(409)), [UpstreamFailureKind.Unavailable]),
        ("500", (answer, _) => FaultReply.Error(500, answer.ErrorFor(500)), [UpstreamFailureKind.Unavailable]),
        ("502 html", (_, _) => FaultReply.Html(502), [UpstreamFailureKind.Unavailable]),
        ("529", (answer, _) => FaultReply.Error(529, answer.ErrorFor(529)), [UpstreamFailureKind.Unavailable]),
        ("401", (answer, _) => FaultReply.Error(401, answer.ErrorFor(401)), [UpstreamFailureKind.AuthenticationFailed]),
        ("402", (answer, _) => FaultReply.Error(402, answer.ErrorFor(402)), [UpstreamFailureKind.QuotaExhausted]),
        ("403", (answer, _) => FaultReply.Error(403, answer.ErrorFor(403)), [UpstreamFailureKind.AuthenticationFailed]),
        ("404", (answer, _) => FaultReply.Error(404, answer.ErrorFor(404)), [UpstreamFailureKind.ModelNotFound]),
        ("error in 200", (answer, _) => FaultReply.Json(answer.ErrorBody), [UpstreamFailureKind.Unavailable]),
        ("error event first", (answer, streamed) => streamed ? FaultReply.Events([answer.ErrorEvent]) : FaultReply.Json(answer.ErrorBody), [UpstreamFailureKind.Unavailable]),
        ("empty", (_, streamed) => streamed ? FaultReply.Events([]) : FaultReply.Json(""), [UpstreamFailureKind.EmptyAnswer, UpstreamFailureKind.ProtocolError]),
        ("empty answer", (answer, streamed) => streamed ? FaultReply.Events(answer.First(0)) : FaultReply.Json(answer.EmptyBody), [UpstreamFailureKind.EmptyAnswer, UpstreamFailureKind.ConnectionLost]),
        ("html in 200", (_, _) => FaultReply.Html(200), [UpstreamFailureKind.ProtocolError]),
        ("not json", (_, streamed) => streamed ? FaultReply.Events(["data: {oops\n\n"]) : FaultReply.Json("{oops"), [UpstreamFailureKind.ProtocolError]),
        ("closed at once", (_, _) => FaultReply.CloseAtOnce, [UpstreamFailureKind.ConnectionLost]),
        ("reset at once", (_, _) => FaultReply.ResetAtOnce, [UpstreamFailureKind.ConnectionLost]),
        ("cut before content", (answer, streamed) => streamed ? answer.Cut(0) : FaultReply.Json(answer.WholeBody[..40]) with { DeclaredLength = answer.WholeBody.Length, End = FaultEnd.Cut }, [UpstreamFailureKind.ConnectionLost]),
    ];

    public static TheoryData<string, string, string, bool> Cases()
    {
        var data = new TheoryData<string, string, string, bool>();
        foreach (var (name, _, _) in Faults)
        {
            foreach (var (caller, vendor) in AttemptRig.Pairs)
            {
                data.Add(name, caller, vendor, true);
                data.Add(name, caller, vendor, false);
            }
        }

        return data;
    }

    [Fact]
    public void Every_case_is_documented() => FaultDocument.Names(Faults.Select(fault => fault.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_next_candidate_answers_and_the_caller_sees_only_its_answer(string fault, string caller, string vendor, bool streamed)
    {
        await using var rig = new AttemptRig();
        var (_, script, kinds) = Faults.Single(known => known.Name == fault);
        var bad = rig.Add(vendor, script(ScriptedAnswer.Of(vendor), streamed));
        var good = rig.Add(vendor, ScriptedAnswer.Of(vendor).Reply(streamed));

        var received = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed));

        Assert.Null(received.Error);
        DialectAsserts.IsWhole(caller, streamed, received.Text);
        Assert.Equal(2, rig.Log.Count);
        Assert.Equal(AttemptOutcome.Failed, rig.Log[0].Outcome);
        Assert.Contains(rig.Log[0].Failure!.Kind, kinds);
        Assert.False(rig.Log[0].OutputCommitted);

        // What a vendor reports is booked, the failure notwithstanding: Anthropic reports the input once the message has begun, and of an empty one too.
        var reported = vendor == ScriptedAnswer.Anthropic.Format && (streamed ? rig.Log[0].Usage is not null : fault == "empty answer");
        Assert.Equal(reported ? new Usage { InputTokens = 12, OutputTokens = streamed ? 1 : 0 } : null, rig.Log[0].Usage);
        Assert.Equal(reported ? streamed ? 14_000 : 12_000 : 0, rig.Log[0].CostNanoUsd);
        Assert.Equal(AttemptOutcome.Succeeded, rig.Log[1].Outcome);
        Assert.Equal(new Usage { InputTokens = 12, OutputTokens = 5 }, rig.Log[1].Usage);
        Assert.Equal(22_000, rig.Log[1].CostNanoUsd);
        Assert.Single(bad.Requests);
        Assert.Single(good.Requests);
        Assert.Equal(rig.Log, rig.Events.Attempts);
    }

    [Theory]
    [InlineData("openai-chat", true)]
    [InlineData("openai-chat", false)]
    [InlineData("anthropic-messages", true)]
    [InlineData("anthropic-messages", false)]
    public async Task Falls_back_when_the_connection_is_refused(string format, bool streamed)
    {
        await using var rig = new AttemptRig();
        rig.AddAt(format, FaultServer.Refused());
        rig.Add(format, ScriptedAnswer.Of(format).Reply(streamed));

        var received = await rig.ReceiveAsync(AttemptRig.Call(format, streamed));

        DialectAsserts.IsWhole(format, streamed, received.Text);
        Assert.Equal(UpstreamFailureKind.ConnectFailed, rig.Log[0].Failure!.Kind);
    }

    [Theory]
    [InlineData("openai-chat", "nothing")]
    [InlineData("openai-chat", "headers")]
    [InlineData("openai-chat", "role")]
    [InlineData("anthropic-messages", "nothing")]
    [InlineData("anthropic-messages", "role")]
    public async Task Falls_back_when_the_first_content_is_late(string format, string sent)
    {
        await using var rig = new AttemptRig { Limits = new() { FirstChunkWithin = TimeSpan.FromSeconds(3) } };
        var slow = rig.Add(format, sent switch
        {
            "nothing" => FaultReply.Nothing,
            "headers" => FaultReply.Events([]) with { End = FaultEnd.Hang },
            _ => ScriptedAnswer.Of(format).Cut(0, FaultEnd.Hang),
        });
        rig.Add(format, ScriptedAnswer.Of(format).Reply(streamed: true));

        var receiving = rig.ReceiveAsync(AttemptRig.Call(format, streamed: true));
        var seen = await slow.RequestAsync(0);
        await seen.Played;
        rig.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(receiving.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(0.2));
        var received = await receiving;

        DialectAsserts.IsWhole(format, streamed: true, received.Text);
        Assert.Equal(UpstreamFailureKind.Timeout, rig.Log[0].Failure!.Kind);
        Assert.Equal(3.1, rig.Log[0].Duration.TotalSeconds, 3);

        // It had the whole request, and was at work until it was given up.
        Assert.True(rig.Log[0].Usage is { Estimated: true, InputTokens: > 0 });
        Assert.True(rig.Log[0].CostNanoUsd > 0);
        await seen.ClosedByPeer;
    }

    [Fact]
    public async Task Gives_up_a_whole_answer_that_never_comes()
    {
        await using var rig = new AttemptRig { Limits = new() { AnswerWithin = TimeSpan.FromSeconds(30), FirstChunkWithin = TimeSpan.FromSeconds(3) } };
        var slow = rig.Add("openai-chat", FaultReply.Nothing);
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: false));

        var receiving = rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        await (await slow.RequestAsync(0)).Played;
        rig.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(receiving.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(2));

        DialectAsserts.IsWhole("openai-chat", streamed: false, (await receiving).Text);
        Assert.Equal(UpstreamFailureKind.Timeout, rig.Log[0].Failure!.Kind);
    }

    [Theory]
    [InlineData(400, "openai-chat", "openai-chat", true)]
    [InlineData(422, "openai-chat", "openai-chat", false)]
    [InlineData(400, "anthropic-messages", "openai-chat", false)]
    [InlineData(422, "openai-chat", "anthropic-messages", true)]
    public async Task A_wrong_request_is_told_at_once(int status, string caller, string vendor, bool streamed)
    {
        await using var rig = new AttemptRig();
        var body = vendor == "openai-chat"
            ? """{"error":{"message":"Invalid value: 'x'.","type":"invalid_request_error","param":"messages[0].role","code":"invalid_value"}}"""
            : """{"type":"error","error":{"type":"invalid_request_error","message":"Invalid value: 'x'."}}""";
        rig.Add(vendor, FaultReply.Error(status, body));
        var next = rig.Add(vendor, ScriptedAnswer.Of(vendor).Reply(streamed));

        var received = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed));

        Assert.Equal(GatewayErrorKind.UpstreamRejected, received.Error!.Kind);
        Assert.Equal(status, received.Error.Status);
        Assert.Contains("Invalid value: 'x'.", received.Error.Message, StringComparison.Ordinal);
        Assert.Empty(next.Requests);
        Assert.Single(rig.Log);
    }

    [Fact]
    public async Task An_overflow_goes_to_a_larger_window_only()
    {
        await using var rig = new AttemptRig();
        var overflow = FaultReply.Error(400, """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""");
        await using var small = new FaultServer(overflow);
        await using var same = new FaultServer(ScriptedAnswer.OpenAI.Reply(false));
        await using var unknown = new FaultServer(ScriptedAnswer.OpenAI.Reply(false));
        await using var large = new FaultServer(ScriptedAnswer.OpenAI.Reply(false));
        rig.AddAt("openai-chat", small.Address, 8192);
        rig.AddAt("openai-chat", same.Address, 8192);
        rig.AddAt("openai-chat", unknown.Address);
        rig.AddAt("openai-chat", large.Address, 128_000);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        DialectAsserts.IsWhole("openai-chat", streamed: false, received.Text);
        Assert.Equal(["p0/model-0", "p3/model-3"], rig.Log.Select(attempt => attempt.DeploymentId));
        Assert.Empty(same.Requests);
        Assert.Empty(unknown.Requests);
    }

    [Fact]
    public async Task An_overflow_everywhere_is_the_callers_error()
    {
        await using var rig = new AttemptRig();
        rig.Add("anthropic-messages", FaultReply.Error(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 300000 tokens > 200000 maximum"}}"""));

        var received = await rig.ReceiveAsync(AttemptRig.Call("anthropic-messages", streamed: true));

        Assert.Equal(GatewayErrorKind.ContextLengthExceeded, received.Error!.Kind);
        Assert.Equal(400, received.Error.Status);
    }

    [Fact]
    public async Task A_refused_key_cools_the_deployment_down_and_raises_an_alert()
    {
        await using var rig = new AttemptRig();
        var refused = rig.Add("openai-chat", FaultReply.Error(401, ScriptedAnswer.OpenAI.ErrorBody));
        var good = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(false));

        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Single(refused.Requests);
        Assert.Equal(2, good.Requests.Count);
        var alert = Assert.Single(rig.Events.Refused);
        Assert.Equal("p0/model-0", alert.Id);
        Assert.Equal(rig.Time.GetUtcNow() + TimeSpan.FromMinutes(5), rig.Health.Snapshot(rig.Time.GetUtcNow()).Get("p0/model-0").CooldownUntil);
    }

    [Fact]
    public async Task Another_provider_comes_before_the_other_models_of_one_that_refused_the_key()
    {
        await using var rig = new AttemptRig { Limits = new() { MaxAttempts = 2 } };
        await using var refused = new FaultServer(FaultReply.Error(401, ScriptedAnswer.OpenAI.ErrorBody));
        rig.AddAt("openai-chat", refused.Address, provider: "one");
        rig.AddAt("openai-chat", refused.Address, provider: "one");
        rig.AddAt("openai-chat", refused.Address, provider: "one");
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(false));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Null(received.Error);
        Assert.Single(refused.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Json_for_a_stream_request_is_converted(bool sameFormat)
    {
        await using var rig = new AttemptRig();
        var vendor = sameFormat ? "openai-chat" : "anthropic-messages";
        rig.Add(vendor, ScriptedAnswer.Of(vendor).Reply(streamed: false));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        DialectAsserts.IsWhole("openai-chat", streamed: true, received.Text);
        Assert.Equal(new Usage { InputTokens = 12, OutputTokens = 5 }, received.Attempt!.Usage);
    }

    [Theory]
    [InlineData("openai-chat", "openai-chat")]
    [InlineData("openai-chat", "anthropic-messages")]
    [InlineData("anthropic-messages", "anthropic-messages")]
    public async Task A_stream_that_nobody_asked_for_is_collected(string caller, string vendor)
    {
        await using var rig = new AttemptRig();
        rig.Add(vendor, ScriptedAnswer.Of(vendor).Reply(streamed: true));

        var received = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: false));

        DialectAsserts.IsWhole(caller, streamed: false, received.Text);
    }

    [Fact]
    public async Task A_wrong_media_type_does_not_matter()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true) with { ContentType = "application/json" });

        DialectAsserts.IsWhole("openai-chat", streamed: true, (await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true))).Text);
    }

    [Fact]
    public async Task Bytes_pass_through_unchanged()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));
        rig.Add("anthropic-messages", ScriptedAnswer.Anthropic.Reply(streamed: false));

        var stream = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        Assert.Equal(string.Concat(ScriptedAnswer.OpenAI.StreamEvents), stream.Text);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    public async Task Events_cut_everywhere_are_put_together(string vendor)
    {
        await using var rig = new AttemptRig();
        rig.Add(vendor, ScriptedAnswer.Of(vendor).Reply(streamed: true).ByteByByte());

        DialectAsserts.IsWhole("openai-chat", streamed: true, (await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true))).Text);
    }

    [Fact]
    public async Task Bytes_after_the_end_mark_and_after_the_reply_are_nobodys()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true) with { Trailing = "GARBAGE\r\n" }, ScriptedAnswer.OpenAI.Reply(streamed: true));

        for (var i = 0; i < 2; i++)
        {
            DialectAsserts.IsWhole("openai-chat", streamed: true, (await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true))).Text);
        }

        Assert.All(rig.Log, attempt => Assert.Equal(AttemptOutcome.Succeeded, attempt.Outcome));
    }

    [Fact]
    public async Task Nothing_reaches_the_caller_before_the_first_content()
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        var server = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true) with { GateBefore = 1, Gate = gate.Task });

        var running = rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true)).AsTask();
        await (await server.RequestAsync(0)).Played;
        Assert.False(running.IsCompleted);
        gate.SetResult();

        var result = await running;
        DialectAsserts.IsWhole("openai-chat", streamed: true, (await AttemptRig.ReadAsync(result.Answer!)).Text);
    }
}
