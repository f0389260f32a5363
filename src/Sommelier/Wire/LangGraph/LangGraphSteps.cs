using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>What has been heard of a run so far, as steps of one answer: each message's thinking and text are parts of their own.</summary>
internal sealed class LangGraphSteps : IDisposable
{
    private readonly HashSet<string> heard = new(StringComparer.Ordinal);
    private readonly UsageSum streamed = new();

    // The text of the message that was streamed last: a vendor's final message may go by another id than its pieces.
    private readonly StringBuilder lastText = new();
    private JsonDocument? state;
    private LangGraphState known;
    private string? message;
    private Type? kind;
    private int index = -1;
    private bool started;
    private bool textSaid;

    /// <summary>Whether the last thing that came is a state with the answer in it.</summary>
    public bool IsAtAnswer { get; private set; }

    /// <summary>Takes a message's piece.</summary>
    /// <param name="piece">The piece; what others than the model say is passed over.</param>
    /// <param name="model">The name of the model that speaks, or null.</param>
    /// <param name="output">Takes the steps.</param>
    public void Message(LangGraphMessage piece, string? model, ICollection<ChatDelta> output)
    {
        IsAtAnswer = false;
        if (!piece.IsAnswer)
        {
            return;
        }

        streamed.Add(piece.Usage());
        foreach (var part in piece.Content())
        {
            Start(piece, model, output);
            if (!string.Equals(message, piece.Id, StringComparison.Ordinal))
            {
                lastText.Clear();
                (message, kind) = (piece.Id, null);
            }

            Say(part, piece.Id, output);
        }
    }

    /// <summary>Takes the graph's state after a step.</summary>
    /// <exception cref="UpstreamException">It tells of a failure, holds no messages, or is not JSON.</exception>
    public void State(ReadOnlySpan<byte> data)
    {
        var next = LooseJson.Parse(data);
        try
        {
            known = LangGraphState.Read(next.RootElement);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        state?.Dispose();
        state = next;
        IsAtAnswer = known.Answer is not null;
    }

    /// <summary>Says what is left when the run has ended: what was never streamed, the calls for the caller, the counts and the reason.</summary>
    public void Finish(ICollection<ChatDelta> output)
    {
        IReadOnlyList<ToolCallPart> calls = [];
        if (known.Answer is { } answer)
        {
            SayUnheard(answer, output);
            calls = answer.Calls();
            foreach (var call in calls)
            {
                Start(answer, null, output);
                Open(output);
                output.Add(new ToolCallStartDelta(index, call.Id, call.Name) { IsIdMadeUp = call.IsIdMadeUp });
                output.Add(new ToolCallArgumentsDelta(index, call.Arguments));
            }
        }

        if (!started)
        {
            // Nothing was said: no reason makes an answer of that.
            return;
        }

        output.Add(new PartEndDelta(index));
        if (UsageSum.Larger(streamed.Total, known.Usage) is { } usage)
        {
            output.Add(new UsageDelta(usage));
        }

        output.Add(new FinishDelta(known.Answer?.Finish(calls.Count > 0) ?? new FinishReason(FinishReasonKind.Stop)));
    }

    /// <inheritdoc/>
    public void Dispose() => state?.Dispose();

    private void SayUnheard(LangGraphMessage answer, ICollection<ChatDelta> output)
    {
        var parts = answer.Content().ToList();
        if (heard.Contains(answer.Id) || string.Concat(parts.OfType<TextPart>().Select(static part => part.Text)) is var text && lastText.Equals(text.AsSpan()) && textSaid)
        {
            return;
        }

        (message, kind) = (answer.Id, null);
        foreach (var part in parts)
        {
            Start(answer, null, output);
            Say(part, answer.Id, output);
        }
    }

    private void Start(LangGraphMessage from, string? model, ICollection<ChatDelta> output)
    {
        if (!started)
        {
            started = true;
            output.Add(new StartDelta(from.Id is { Length: > 0 } id ? id : null, model ?? from.Model));
        }
    }

    private void Say(ContentPart part, string id, ICollection<ChatDelta> output)
    {
        if (part.GetType() != kind)
        {
            Open(output);
            kind = part.GetType();
        }

        switch (part)
        {
            case TextPart text:
                // Steps of a graph know nothing of each other; without a gap their sentences would run together.
                var first = heard.Add(id);
                lastText.Append(text.Text);
                output.Add(new TextDelta(index, first && textSaid ? "\n\n" + text.Text : text.Text));
                textSaid = true;
                break;
            case ReasoningPart thought:
                output.Add(new ReasoningDelta(index, thought.Text));
                break;
            case RefusalPart refusal:
                heard.Add(id);
                output.Add(new RefusalDelta(index, refusal.Text));
                break;
            case OpaquePart opaque:
                output.Add(new OpaqueDelta(opaque.Format, opaque.Type, opaque.Json));
                break;
        }
    }

    private void Open(ICollection<ChatDelta> output)
    {
        if (index >= 0)
        {
            output.Add(new PartEndDelta(index));
        }

        index++;
    }
}
