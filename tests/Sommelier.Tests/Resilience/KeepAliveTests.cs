using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Resilience;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>A stream whose vendor is silent gets marks between its events, never inside one.</summary>
public sealed class KeepAliveTests
{
    private const string Comment = ": keep-alive\n\n";
    private const string Ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";

    [Theory]
    [InlineData("openai-chat", "openai-chat", Comment)]
    [InlineData("anthropic-messages", "anthropic-messages", Ping)]
    [InlineData("anthropic-messages", "openai-chat", Ping)]
    [InlineData("openai-chat", "anthropic-messages", Comment)]
    public async Task A_mark_comes_after_each_span_of_silence_and_the_stall_is_still_a_stall(string caller, string vendor, string mark)
    {
        await using var rig = new AttemptRig { Limits = new() { StallTimeout = TimeSpan.FromSeconds(40), KeepAlive = TimeSpan.FromSeconds(15) } };
        rig.Add(vendor, ScriptedAnswer.Of(vendor).Cut(1, FaultEnd.Hang));

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var writing = result.Answer!.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask();
        await UntilAsync(pipe.Reader, text => text.Contains("Hello", StringComparison.Ordinal));
        rig.Time.Advance(TimeSpan.FromSeconds(14));
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(pipe.Reader, text => Count(text, mark) == 1);
        rig.Time.Advance(TimeSpan.FromSeconds(15));
        await UntilAsync(pipe.Reader, text => Count(text, mark) == 2);
        Assert.False(writing.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(UpstreamFailureKind.Timeout, (await writing).Failure!.Kind);
        await pipe.Writer.CompleteAsync();
        var text = Encoding.UTF8.GetString((await pipe.Reader.ReadAtLeastAsync(int.MaxValue)).Buffer);

        Assert.Equal(2, Count(text, mark));
        DialectAsserts.IsBroken(caller, text, "Hello");
        await result.Answer.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_the_network_cut_stays_whole()
    {
        await using var rig = new AttemptRig { Limits = new() { KeepAlive = TimeSpan.FromSeconds(15) } };
        var answer = ScriptedAnswer.OpenAI;
        var gate = new TaskCompletionSource();
        string[] pieces = [.. answer.StreamEvents];
        rig.Add("openai-chat", FaultReply.Events([.. pieces[..2], pieces[2][..30], pieces[2][30..], .. pieces[3..]]) with { GateBefore = 3, Gate = gate.Task });

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var writing = result.Answer!.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask();
        await UntilAsync(pipe.Reader, text => text.Contains("Hello", StringComparison.Ordinal));
        rig.Time.Advance(TimeSpan.FromSeconds(16));
        await UntilAsync(pipe.Reader, text => text.Contains(Comment, StringComparison.Ordinal));
        gate.SetResult();
        Assert.Equal(AttemptOutcome.Succeeded, (await writing).Outcome);
        await pipe.Writer.CompleteAsync();

        DialectAsserts.IsWhole("openai-chat", streamed: true, Encoding.UTF8.GetString((await pipe.Reader.ReadAtLeastAsync(int.MaxValue)).Buffer));
        await result.Answer.DisposeAsync();
    }

    [Fact]
    public async Task Zero_is_never()
    {
        await using var rig = new AttemptRig { Limits = new() { StallTimeout = TimeSpan.FromSeconds(100), KeepAlive = TimeSpan.Zero } };
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(1, FaultEnd.Hang));

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var writing = result.Answer!.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask();
        await UntilAsync(pipe.Reader, text => text.Contains("Hello", StringComparison.Ordinal));
        rig.Time.Advance(TimeSpan.FromSeconds(101));
        await writing;
        await pipe.Writer.CompleteAsync();

        Assert.DoesNotContain("keep-alive", Encoding.UTF8.GetString((await pipe.Reader.ReadAtLeastAsync(int.MaxValue)).Buffer), StringComparison.Ordinal);
        await result.Answer.DisposeAsync();
    }

    [Fact]
    public async Task The_caller_is_kept_while_somebody_else_is_asked_to_go_on()
    {
        await using var rig = new AttemptRig { Limits = new() { KeepAlive = TimeSpan.FromSeconds(15), OnBreak = OnBreak.Continue } };
        var gate = new TaskCompletionSource();
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(2));
        var next = rig.Add("openai-chat", ScriptedAnswer.OpenAI.After(2) with { GateBefore = 0, Gate = gate.Task });

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var writing = result.Answer!.WriteToAsync(pipe.Writer, CancellationToken.None).AsTask();
        await next.RequestAsync(0);
        rig.Time.Advance(TimeSpan.FromSeconds(16));
        await UntilAsync(pipe.Reader, text => text.Contains(Comment, StringComparison.Ordinal));
        gate.SetResult();
        Assert.Equal(AttemptOutcome.Succeeded, (await writing).Outcome);
        await pipe.Writer.CompleteAsync();

        DialectAsserts.IsWhole("openai-chat", streamed: true, Encoding.UTF8.GetString((await pipe.Reader.ReadAtLeastAsync(int.MaxValue)).Buffer));
        await result.Answer.DisposeAsync();
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("bedrock-converse")]
    [InlineData("ollama")]
    public void Dialects_without_a_word_for_it_have_none(string format) =>
        Assert.True(WireFormats.Get(format).Streams.KeepAliveFor(new() { FallbackId = "i", Model = "m", Created = default }).IsEmpty);

    [Fact]
    public async Task Marks_never_stand_inside_what_the_writer_writes()
    {
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var (over, marked) = (false, false);
        var alive = new KeepAlive(pipe.Writer, "#"u8.ToArray(), static () => { }, CancellationToken.None, begin: () => Volatile.Write(ref marked, true));
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var beats = Task.Run(() =>
        {
            begun.SetResult();
            while (!Volatile.Read(ref over))
            {
                alive.Beat();
            }
        });

        // On a busy machine twenty thousand turns can be over before the beating thread has met a silence.
        await begun.Task;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var turns = 0;
        for (; turns < 20_000 || (!Volatile.Read(ref marked) && !patience.IsCancellationRequested); turns++)
        {
            alive.Silence();
            if (turns % 16 == 0)
            {
                await Task.Yield();
            }

            while (!alive.TrySpeak(out var beaten))
            {
                await beaten;
            }

            pipe.Writer.Write("<"u8);
            pipe.Writer.Write(">"u8);
            await pipe.Writer.FlushAsync();
        }

        Volatile.Write(ref over, true);
        await beats;
        await pipe.Writer.CompleteAsync();
        var text = Encoding.UTF8.GetString((await pipe.Reader.ReadAtLeastAsync(int.MaxValue)).Buffer);

        Assert.Equal(turns, Count(text, "<>"));
        Assert.Contains("#", text, StringComparison.Ordinal);
        Assert.Equal("", text.Replace("<>", "", StringComparison.Ordinal).Replace("#", "", StringComparison.Ordinal));
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;

    private static async Task UntilAsync(PipeReader reader, Func<string, bool> seen)
    {
        while (true)
        {
            var read = await reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(2));
            var found = seen(Encoding.UTF8.GetString(read.Buffer));
            reader.AdvanceTo(read.Buffer.Start, found ? read.Buffer.Start : read.Buffer.End);
            if (found)
            {
                return;
            }
        }
    }
}
