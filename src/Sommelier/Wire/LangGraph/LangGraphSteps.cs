using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>What has been heard of a run so far, as steps of one answer: each message's thinking and text are parts of their own.</summary>
internal sealed class LangGraphSteps : IDisposable
{
    // Steps of a graph know nothing of each other; without a gap their sentences would run together.
    private const string Gap = "\n\n";

    private readonly HashSet<string> cited = new(StringComparer.Ordinal);
    private readonly UsageSum streamed = new();
    private LangGraphSaid said = new();
    private JsonDocument? state;
    private LangGraphState known;
    private string? message;
    private Type? kind;
    private int index = -1;
    private bool started;
    private bool textSaid;
    private int gap;

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
        if (known.Answer is { } answer)
        {
            said.Stands(answer);
        }
    }

    /// <summary>Says what is left when the run has ended: what was never streamed, the calls for the caller, the counts and the reason.</summary>
    public void Finish(ICollection<ChatDelta> output)
    {
        if (state is not null && said.IsWithdrawn(state.RootElement))
        {
            Withdraw(output);
        }

        if (known.Direct is { Count: > 0 } direct)
        {
            SayAll(default, direct, output);
        }

        if (known.Answer is { } answer)
        {
            SayUnheard(answer, output);
            foreach (var call in known.Calls)
            {
                Start(answer, null, output);
                Open(output);
                output.Add(new ToolCallStartDelta(index, call.Id, call.Name) { IsIdMadeUp = call.IsIdMadeUp });
                output.Add(new ToolCallArgumentsDelta(index, call.Arguments));
            }

            foreach (var other in known.Beside)
            {
                output.Add(new OpaqueDelta(other.Format, other.Type, other.Json));
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

        output.Add(new FinishDelta(known.Answer?.Finish(known.Calls.Count > 0) ?? new FinishReason(FinishReasonKind.Stop)));
    }

    /// <inheritdoc/>
    public void Dispose() => state?.Dispose();

    // What was said stays with the caller; whoever reads the steps knows what to do about it.
    private void Withdraw(ICollection<ChatDelta> output)
    {
        output.Add(new WithdrawnDelta(Filtered: false));
        (said, kind, textSaid) = (new(), null, false);
    }

    private void SayUnheard(LangGraphMessage answer, ICollection<ChatDelta> output)
    {
        var parts = answer.Content().ToList();
        var rest = said.Rest(answer);
        if (!said.Has(answer.Id) || (rest is { Length: > 0 } && rest.Length == answer.Text.Length))
        {
            SayAll(answer, parts, output);
            return;
        }

        if (rest is { Length: > 0 })
        {
            (message, kind) = said.IsLast(answer.Id) ? (message, kind) : (answer.Id, null);
            Say(new TextPart(rest), answer.Id, output);
        }

        // Sources that only the whole message tells.
        foreach (var part in parts.OfType<TextPart>().Where(part => part.Citations.Count > 0 && !cited.Contains(answer.Id)))
        {
            if (said.IsLast(answer.Id) && kind == typeof(TextPart))
            {
                Cite(part.Citations, output);
            }
            else
            {
                output.Add(new OpaqueDelta(LangGraphFormat.FormatName, "annotations", "[]"));
            }
        }
    }

    private void SayAll(LangGraphMessage from, IEnumerable<ContentPart> parts, ICollection<ChatDelta> output)
    {
        foreach (var part in parts)
        {
            // Each block is a part, in which its sources count.
            (message, kind) = (from.Id, null);
            Start(from, null, output);
            Say(part, from.Id, output);
        }
    }

    private void Cite(IReadOnlyList<Citation> citations, ICollection<ChatDelta> output)
    {
        foreach (var citation in citations)
        {
            output.Add(new CitationDelta(index, citation with { Start = citation.Start + gap, End = citation.End + gap }));
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
        if (part is OpaquePart beside && index >= 0)
        {
            output.Add(new OpaqueDelta(beside.Format, beside.Type, beside.Json));
            return;
        }

        if (part.GetType() != kind)
        {
            Open(output);
            (kind, gap) = (part.GetType(), 0);
        }

        switch (part)
        {
            case TextPart text:
                var first = said.Add(id, text.Text);
                gap = first && textSaid ? Gap.Length : gap;
                if (text.Text.Length > 0)
                {
                    output.Add(new TextDelta(index, first && textSaid ? Gap + text.Text : text.Text));
                    textSaid = true;
                }

                if (text.Citations.Count > 0)
                {
                    cited.Add(id);
                    Cite(text.Citations, output);
                }

                break;
            case ReasoningPart thought:
                output.Add(new ReasoningDelta(index, thought.Text));
                break;
            case RefusalPart refusal:
                said.Add(id, "");
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
