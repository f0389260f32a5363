using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>Relays a stream of one format to a caller of another: reads steps, writes steps.</summary>
internal sealed class TranslatingRelay(StreamDecoder decoder, StreamEncoder encoder, InboundCall call, RenamedTools? renamed = null, StreamedForm? form = null, SentAnswer? sent = null) : StreamRelay
{
    private readonly AnswerCalls calls = new(renamed, call);
    private readonly bool keepsIds = call.KeepsCallIds;
    private readonly List<ChatDelta> steps = [];
    private readonly List<ChatDelta> told = [];
    private StepCollector? thinking;
    private bool filtered;

    /// <inheritdoc/>
    public override IReadOnlyList<Warning> Warnings => (form, filtered) switch
    {
        ({ IsFenced: true }, _) => [.. encoder.Warnings, AnswerForm.FenceTaken(call.Format)],
        (_, true) => [.. encoder.Warnings, WithdrawnAnswer.Filtered],
        _ => encoder.Warnings,
    };

    /// <inheritdoc/>
    public override string? RunningTask => decoder.RunningTask;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        try
        {
            decoder.Decode(chunk, steps);
        }
        finally
        {
            // Steps that stood before a malformed event are good: the caller gets them.
            Pass(output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        try
        {
            decoder.Complete(steps);
        }
        finally
        {
            Pass(output);
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => encoder.WriteError(error, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Pass(IBufferWriter<byte> output)
    {
        Facts.WebSearches = decoder.WebSearches;
        foreach (var read in steps)
        {
            var step = calls.Of(read);
            if (Failure is not null)
            {
                // Counts that come behind a refused answer are the vendor's bill all the same.
                Facts.Usage = step is UsageDelta counts ? counts.Usage : Facts.Usage;
                Ended |= step is EndDelta;
                continue;
            }

            if (form is null)
            {
                Note(step);
                Tell(step, output);
            }
            else
            {
                Check(step, form, output);
            }
        }

        steps.Clear();
    }

    // What is held back has not begun an answer.
    private void Check(ChatDelta step, StreamedForm owed, IBufferWriter<byte> output)
    {
        var had = HasContent;
        Note(step);
        Failure ??= owed.Take(step, told);
        HasContent = told.Count == 0 ? had : HasContent;
        foreach (var each in told)
        {
            Tell(each, output);
        }

        told.Clear();
    }

    private void Tell(ChatDelta step, IBufferWriter<byte> output)
    {
        // No dialect has a word for that text is taken back.
        if (Failure is null && step is not WithdrawnDelta)
        {
            sent?.Take(step);
            encoder.Write(step, output);
        }
    }

    private void Note(ChatDelta step)
    {
        switch (step)
        {
            case StartDelta start:
                Facts.Id = start.Id ?? Facts.Id;
                Facts.ResponseModel = start.ResponseModel ?? Facts.ResponseModel;
                Facts.Conversation = start.Conversation ?? Facts.Conversation;
                Facts.ServedAs = start.ServiceTier ?? Facts.ServedAs;
                break;
            case WithdrawnDelta { Filtered: true }:
                filtered |= Facts.OutputBytes > 0;
                break;
            case WithdrawnDelta:
                Failure = WithdrawnAnswer.Failure;
                break;
            case TextDelta text:
                Content(text.Text);
                break;
            case RefusalDelta refusal:
                Content(refusal.Text);
                break;
            case ReasoningDelta reasoning:
                Content(reasoning.Text);
                HasContent |= reasoning.Signature is not null || reasoning.Redacted is not null;
                Keep(reasoning);
                break;
            case ToolCallStartDelta:
                HasContent = Facts.HasToolCall = true;
                Keep(step);
                break;
            case ToolCallArgumentsDelta arguments:
                Content(arguments.Arguments);
                KeepArguments(arguments);
                break;
            case OpaqueDelta:
                HasContent = true;
                break;
            case UsageDelta usage:
                Facts.Usage = usage.Usage;
                break;
            case FinishDelta { Reason.Kind: FinishReasonKind.Error } finish:
                Facts.FinishReason = finish.Reason;
                Failure = StoppedAnswer.Of(finish.Reason);
                break;
            case FinishDelta finish:
                Facts.FinishReason = finish.Reason;
                HasContent = true;
                break;
            case FailureDelta failure:
                Failure = failure.Failure;
                break;
            case EndDelta:
                Ended = true;
                if (Facts.HasToolCall && thinking?.Answer() is { } answer)
                {
                    call.Note(answer.Parts);
                }

                break;
        }
    }

    // Thinking and the calls that it led to, for the next request of a client that drops what it does not know.
    private void Keep(ChatDelta step)
    {
        if (call.Seals.Memory is not null)
        {
            (thinking ??= new()).Add(step);
        }
    }

    // Where clients send no ids, a call is known by its arguments.
    private void KeepArguments(ToolCallArgumentsDelta arguments)
    {
        if (!keepsIds)
        {
            Keep(arguments);
        }
    }

    private void Content(string text)
    {
        if (text.Length > 0)
        {
            HasContent = true;
            Facts.OutputBytes += Encoding.UTF8.GetByteCount(text);
        }
    }
}
