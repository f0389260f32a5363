using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Providers;
using Sommelier.TestKit;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Resilience;

/// <summary>Row 4 of the stream-failure contract: what broke after the first byte ends with the dialect's error event, never cleanly.</summary>
public sealed class AfterCommitTests
{
    private static readonly (string Name, Func<ScriptedAnswer, FaultReply> Script, UpstreamFailureKind[] Kinds, string Said)[] Faults =
    [
        ("cut", answer => answer.Cut(2), [UpstreamFailureKind.ConnectionLost], "Hello world"),
        ("reset", answer => answer.Cut(2, FaultEnd.Reset), [UpstreamFailureKind.ConnectionLost], "Hello world"),
        ("no end mark", answer => answer.WithoutEnd(2), [UpstreamFailureKind.ConnectionLost], "Hello world"),
        ("malformed", answer => answer.With(answer.Malformed, 2), [UpstreamFailureKind.ProtocolError], "Hello world"),
        ("error event", answer => answer.With(answer.ErrorEvent, 2), [UpstreamFailureKind.Unavailable], "Hello world"),
    ];

    public static TheoryData<string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (name, _, _, _) in Faults)
        {
            foreach (var (caller, vendor) in AttemptRig.Pairs)
            {
                data.Add(name, caller, vendor);
            }
        }

        return data;
    }

    [Fact]
    public void Every_case_is_documented() => FaultDocument.Names(Faults.Select(fault => fault.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_broken_stream_ends_with_the_dialects_error(string fault, string caller, string vendor)
    {
        await using var rig = new AttemptRig();
        var (_, script, kinds, said) = Faults.Single(known => known.Name == fault);
        var gate = new TaskCompletionSource();
        var answer = ScriptedAnswer.Of(vendor);
        var bad = rig.Add(vendor, Gated(script(answer), answer, gate.Task));
        var next = rig.Add(vendor, answer.Reply(streamed: true));

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        // A reset may overtake bytes that were on their way; what did arrive must still be told as broken.
        DialectAsserts.IsBroken(caller, received.Text, fault == "reset" && !received.Text.Contains("world", StringComparison.Ordinal) ? "Hello" : said);
        var attempt = Assert.Single(rig.Log);
        Assert.Same(attempt, received.Attempt);
        Assert.Equal(AttemptOutcome.Broken, attempt.Outcome);
        Assert.True(attempt.OutputCommitted);
        Assert.Contains(attempt.Failure!.Kind, kinds);
        Assert.True(attempt.Usage!.Value.Estimated);
        Assert.True(attempt.Usage.Value.OutputTokens > 0);
        Assert.True(attempt.CostNanoUsd > 0);
        Assert.Single(bad.Requests);
        Assert.Empty(next.Requests);
    }

    /// <summary>What a vendor calls a failure inside its stream, how it is recorded, and how each dialect's event calls it.</summary>
    private static readonly (string Vendor, string Event, UpstreamFailureKind Kind, string Code, TimeSpan? Wait, string OpenAI, string Anthropic)[] Named =
    [
        ("anthropic-messages", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", UpstreamFailureKind.Unavailable, "overloaded_error", null, "server_error", "overloaded_error"),
        ("anthropic-messages", """{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}""", UpstreamFailureKind.RateLimited, "rate_limit_error", null, "rate_limit_error", "rate_limit_error"),
        ("anthropic-messages", """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}""", UpstreamFailureKind.ContextLengthExceeded, "context_length_exceeded", null, "invalid_request_error", "invalid_request_error"),
        ("openai-chat", """{"error":{"message":"Rate limit reached. Please try again in 1.5s.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", UpstreamFailureKind.RateLimited, "rate_limit_exceeded", TimeSpan.FromSeconds(1.5), "rate_limit_error", "rate_limit_error"),
        ("openai-chat", """{"error":{"message":"Too long","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", UpstreamFailureKind.ContextLengthExceeded, "context_length_exceeded", null, "invalid_request_error", "invalid_request_error"),
        ("openai-chat", """{"error":{"message":"No","type":"invalid_request_error","param":null,"code":"content_filter"}}""", UpstreamFailureKind.ContentFiltered, "content_filter", null, "invalid_request_error", "invalid_request_error"),
    ];

    public static TheoryData<int, string> NamedCases()
    {
        var data = new TheoryData<int, string>();
        for (var at = 0; at < Named.Length; at++)
        {
            Array.ForEach(AttemptRig.Formats, caller => data.Add(at, caller));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(NamedCases))]
    public async Task An_error_inside_a_stream_keeps_its_name(int at, string caller)
    {
        await using var rig = new AttemptRig();
        var (vendor, data, kind, code, wait, openAI, anthropic) = Named[at];
        var gate = new TaskCompletionSource();
        var answer = ScriptedAnswer.Of(vendor);
        var name = vendor == "openai-chat" ? "" : "event: error\n";
        rig.Add(vendor, Gated(answer.With($"{name}data: {data}\n\n", 2), answer, gate.Task));

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        DialectAsserts.IsBroken(caller, received.Text, "Hello world");
        var last = received.Text[received.Text.LastIndexOf("data: ", StringComparison.Ordinal)..];
        Assert.Contains($"\"type\":\"{(caller == "openai-chat" ? openAI : anthropic)}\"", last, StringComparison.Ordinal);
        Assert.Contains($"\"{code}\"", last, StringComparison.Ordinal);
        Assert.Equal(wait is not null, last.Contains("Try again after 2 s.", StringComparison.Ordinal));
        var attempt = Assert.Single(rig.Log);
        Assert.Equal((AttemptOutcome.Broken, kind, wait), (attempt.Outcome, attempt.Failure!.Kind, attempt.Failure.RetryAfter));

        // A rate limit is a pause of the length that was asked for, never a fault that opens the circuit.
        var state = rig.Health.Snapshot(rig.Time.GetUtcNow()).Get(rig.Plan[0].Id);
        Assert.Equal(kind == UpstreamFailureKind.RateLimited ? rig.Time.GetUtcNow() + (wait ?? TimeSpan.FromSeconds(5)) : null, state.CooldownUntil);
    }

    [Theory]
    [InlineData("openai-chat", "rate_limit_error")]
    [InlineData("anthropic-messages", "rate_limit_error")]
    public async Task A_throttled_Bedrock_stream_is_a_rate_limit(string caller, string type)
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        var reply = new FaultReply
        {
            ContentType = "application/vnd.amazon.eventstream",
            Framing = BodyFraming.Chunked,
            Binary = true,
            GateBefore = 2,
            Gate = gate.Task,
            Pieces =
            [
                Frame(output => EventStreamWriter.WriteEvent("messageStart"u8, """{"role":"assistant"}"""u8, output)),
                Frame(output => EventStreamWriter.WriteEvent("contentBlockDelta"u8, """{"contentBlockIndex":0,"delta":{"text":"Hello"}}"""u8, output)),
                Frame(output => EventStreamWriter.WriteException("throttlingException"u8, """{"message":"Too many tokens, please wait"}"""u8, output)),
            ],
        };
        rig.Serve(new Bedrock(), new() { Id = "aws/nova", Provider = "aws", Model = "nova", CanonicalModel = "nova" }, reply);

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        DialectAsserts.IsBroken(caller, received.Text, "Hello");
        Assert.Contains($"\"type\":\"{type}\"", received.Text, StringComparison.Ordinal);
        Assert.Contains("\"throttlingException\"", received.Text, StringComparison.Ordinal);
        Assert.Equal((UpstreamFailureKind.RateLimited, "throttlingException"), (rig.Log[0].Failure!.Kind, rig.Log[0].Failure!.Code));
        Assert.NotNull(rig.Health.Snapshot(rig.Time.GetUtcNow()).Get("aws/nova").CooldownUntil);

        static string Frame(Action<ArrayBufferWriter<byte>> write)
        {
            var output = new ArrayBufferWriter<byte>();
            write(output);
            return Encoding.Latin1.GetString(output.WrittenSpan);
        }
    }

    [Theory]
    [InlineData("openai-chat", "openai-chat")]
    [InlineData("openai-chat", "anthropic-messages")]
    [InlineData("anthropic-messages", "openai-chat")]
    [InlineData("anthropic-messages", "anthropic-messages")]
    public async Task A_stalled_stream_is_given_up(string caller, string vendor)
    {
        await using var rig = new AttemptRig { Limits = new() { StallTimeout = TimeSpan.FromSeconds(20) } };
        var server = rig.Add(vendor, ScriptedAnswer.Of(vendor).Cut(1, FaultEnd.Hang));

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        var pipe = new Pipe();
        var writing = result.Answer!.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask();
        await UntilAsync(pipe.Reader, "Hello");
        rig.Time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(writing.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        var attempt = await writing;
        await pipe.Writer.CompleteAsync();
        DialectAsserts.IsBroken(caller, Encoding.UTF8.GetString((await pipe.Reader.ReadAtLeastAsync(int.MaxValue)).Buffer), "Hello");
        Assert.Equal(AttemptOutcome.Broken, attempt.Outcome);
        Assert.Equal(UpstreamFailureKind.Timeout, attempt.Failure!.Kind);
        Assert.True(attempt.Duration >= TimeSpan.FromSeconds(20));
        await (await server.RequestAsync(0)).ClosedByPeer;
        await result.Answer.DisposeAsync();
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    public Task A_caller_that_leaves_closes_the_upstream_connection_at_once(string caller) => AtOnce.HoldsAsync(() => LeaveAsync(caller));

    private static async Task<TimeSpan> LeaveAsync(string caller)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("anthropic-messages", ScriptedAnswer.Anthropic.Cut(2, FaultEnd.Hang));
        using var leaving = new CancellationTokenSource();

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true), leaving.Token);
        var pipe = new Pipe();
        var writing = result.Answer!.WriteToAsync(pipe.Writer, leaving.Token).AsTask();
        await UntilAsync(pipe.Reader, "world");
        var left = TimeProvider.System.GetTimestamp();
        await leaving.CancelAsync();
        var attempt = await writing;
        var closed = await (await server.RequestAsync(0)).ClosedByPeer;

        Assert.Equal(AttemptOutcome.Canceled, attempt.Outcome);
        Assert.Null(attempt.Failure);
        Assert.True(attempt.Usage!.Value.Estimated);
        Assert.Equal(12, attempt.Usage.Value.InputTokens);
        Assert.True(attempt.Usage.Value.OutputTokens > 0);
        Assert.Single(rig.Log);
        await result.Answer.DisposeAsync();
        return TimeProvider.System.GetElapsedTime(left, closed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_caller_that_leaves_before_the_first_content_ends_it_all(bool streamed) => AtOnce.HoldsAsync(() => LeaveEarlyAsync(streamed));

    private static async Task<TimeSpan> LeaveEarlyAsync(bool streamed)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", FaultReply.Nothing);
        var next = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed));
        using var leaving = new CancellationTokenSource();

        var running = rig.RunAsync(AttemptRig.Call("openai-chat", streamed), leaving.Token);
        var seen = await server.RequestAsync(0);
        var left = TimeProvider.System.GetTimestamp();
        await leaving.CancelAsync();
        var result = await running;
        var closed = await seen.ClosedByPeer;

        Assert.Equal(GatewayErrorKind.Canceled, result.Error!.Kind);
        var attempt = Assert.Single(rig.Log);
        Assert.Equal(AttemptOutcome.Canceled, attempt.Outcome);
        Assert.True(attempt.Usage!.Value is { Estimated: true, InputTokens: > 0, OutputTokens: 0 });
        Assert.Empty(next.Requests);
        return TimeProvider.System.GetElapsedTime(left, closed);
    }

    [Theory]
    [InlineData("openai-chat", 5)]
    [InlineData("anthropic-messages", 5)]
    public async Task Usage_that_came_with_the_finish_is_no_estimate_when_only_the_end_mark_is_missing(string format, int pieces)
    {
        await using var rig = new AttemptRig();
        rig.Add(format, ScriptedAnswer.Of(format).Cut(pieces));

        var received = await rig.ReceiveAsync(AttemptRig.Call(format, streamed: true));

        Assert.Equal(AttemptOutcome.Broken, received.Attempt!.Outcome);
        Assert.Equal(new Usage { InputTokens = 12, OutputTokens = 5 }, received.Attempt.Usage);
    }

    [Fact]
    public async Task A_reader_that_closes_its_pipe_is_a_caller_that_left()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(2, FaultEnd.Hang));

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        var attempt = await result.Answer!.WriteToAsync(pipe.Writer, CancellationToken.None);

        Assert.Equal(AttemptOutcome.Canceled, attempt.Outcome);
        await (await server.RequestAsync(0)).ClosedByPeer;
        await result.Answer.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_that_nobody_takes_is_recorded_as_canceled()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(1, FaultEnd.Hang));

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        await result.Answer!.DisposeAsync();

        Assert.Equal(AttemptOutcome.Canceled, Assert.Single(rig.Log).Outcome);
        await (await server.RequestAsync(0)).ClosedByPeer;
    }

    [Fact]
    public async Task A_slow_reader_is_not_a_stalled_vendor()
    {
        await using var rig = new AttemptRig { Limits = new() { StallTimeout = TimeSpan.FromSeconds(5) } };
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        var pipe = new Pipe(new(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var writing = result.Answer!.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask();
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        while (await Task.WhenAny(writing, pipe.Reader.ReadAsync().AsTask()) is Task<ReadResult> read)
        {
            pipe.Reader.AdvanceTo((await read).Buffer.End);
        }

        Assert.Equal(AttemptOutcome.Succeeded, (await writing).Outcome);
        await result.Answer.DisposeAsync();
    }

    [Fact]
    public async Task A_finished_streams_connection_serves_the_next_request()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));

        for (var i = 0; i < 3; i++)
        {
            await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));
        }

        Assert.Equal(3, server.Requests.Count);
        Assert.False(server.Requests[0].IsClosed);
    }

    // The piece after the first content waits, so that the answer is committed before the fault.
    private static FaultReply Gated(FaultReply reply, ScriptedAnswer answer, Task gate) =>
        reply with { GateBefore = answer.First(1).Count(), Gate = gate };

    private static async Task UntilAsync(PipeReader reader, string text)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            var found = Encoding.UTF8.GetString(read.Buffer).Contains(text, StringComparison.Ordinal);
            reader.AdvanceTo(read.Buffer.Start, found ? read.Buffer.Start : read.Buffer.End);
            if (found)
            {
                return;
            }
        }
    }
}
