using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;

namespace Sommelier.Upstream;

/// <summary>The steps of a stream as a whole answer, for a vendor that answered with a stream that nobody asked for.</summary>
internal sealed class StepCollector
{
    private readonly SortedDictionary<int, Part> parts = [];
    private readonly List<ContentPart> opaque = [];
    private readonly AnthropicBlockCollector blocks = new();
    private string? container;
    private string? tokens;
    private string? conversation;
    private bool withdrawn;
    private string? id;
    private string? model;
    private Usage? usage;
    private FinishReason? finish;

    /// <summary>A failure that the vendor reported among the steps.</summary>
    public UpstreamFailure? Failure { get; private set; }

    /// <summary>Whether the end mark was among the steps.</summary>
    public bool Ended { get; private set; }

    /// <summary>Takes a step.</summary>
    public void Add(ChatDelta step)
    {
        switch (step)
        {
            case StartDelta start:
                (id, model, conversation) = (start.Id ?? id, start.ResponseModel ?? model, start.Conversation ?? conversation);
                break;
            case TextDelta text:
                At(text.Index, PartKind.Text).Text.Append(text.Text);
                break;
            case CitationDelta cited:
                At(cited.Index, PartKind.Text).Citations.Add(cited.Citation);
                blocks.Add(cited.Index, cited.Citation);
                break;
            case RefusalDelta refusal:
                // What stands in the place of a text is the answer.
                At(refusal.Index, withdrawn ? PartKind.Text : PartKind.Refusal).Text.Append(refusal.Text);
                break;
            case WithdrawnDelta:
                Withdraw();
                break;
            case ReasoningDelta reasoning:
                var thought = At(reasoning.Index, PartKind.Reasoning);
                thought.Text.Append(reasoning.Text);
                thought.Signature = reasoning.Signature ?? thought.Signature;
                thought.Redacted = reasoning.Redacted ?? thought.Redacted;
                thought.Vendor = reasoning.Vendor ?? thought.Vendor;
                thought.Id = reasoning.Id ?? thought.Id;
                break;
            case ToolCallStartDelta call:
                var started = At(call.Index, PartKind.ToolCall);
                (started.Id, started.IsIdMadeUp, started.Name, started.Signature, started.IsCustom) = (call.Id, call.IsIdMadeUp, call.Name, call.Signature, call.IsCustom);
                break;
            case ToolCallArgumentsDelta arguments:
                At(arguments.Index, PartKind.ToolCall).Text.Append(arguments.Arguments);
                break;
            case OpaqueDelta { Format: AnthropicMessagesFormat.FormatName, Type: AnthropicStream.Container } kept:
                container = kept.Json;
                break;
            case OpaqueDelta { Format: AnthropicMessagesFormat.FormatName } own:
                // A step of a block, or one of nothing that a whole answer holds.
                if (blocks.Add(own) is { } index && blocks.Has(index))
                {
                    At(index, PartKind.Opaque);
                }

                break;
            case OpaqueDelta likely when TokenLogProbs.Of(likely) is { } more:
                tokens = TokenLogProbs.Join(tokens, more);
                break;
            case OpaqueDelta other:
                opaque.Add(new OpaquePart(other.Format, other.Type, other.Json));
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta finished:
                finish = finished.Reason;
                break;
            case FailureDelta failure:
                Failure ??= failure.Failure;
                break;
            case EndDelta:
                Ended = true;
                break;
        }
    }

    /// <summary>The answer; null while it holds nothing and no reason for that.</summary>
    public ChatResponse? Answer() => parts.Count + opaque.Count == 0 && finish is null ? null : new()
    {
        Id = id,
        ResponseModel = model,
        Conversation = conversation,
        Parts = [.. parts.Select(part => blocks.Block(part.Key) ?? blocks.Complete(part.Key, part.Value.ToContent())), .. opaque],
        Extra = container is not null ? new Extra(AnthropicMessagesFormat.FormatName, [new(AnthropicStream.Container, container)]) : TokenLogProbs.AsExtra(tokens),
        FinishReason = finish ?? new(FinishReasonKind.Other),
        Usage = usage,
    };

    private void Withdraw()
    {
        withdrawn = true;
        foreach (var index in parts.Where(static part => part.Value.Kind is PartKind.Text or PartKind.Refusal).Select(static part => part.Key).ToList())
        {
            parts.Remove(index);
        }
    }

    private Part At(int index, PartKind kind)
    {
        if (!parts.TryGetValue(index, out var part))
        {
            parts[index] = part = new(kind);
        }

        return part;
    }

    private enum PartKind
    {
        Text,
        Refusal,
        Reasoning,
        ToolCall,
        Opaque,
    }

    private sealed class Part(PartKind kind)
    {
        public PartKind Kind => kind;

        public StringBuilder Text { get; } = new();

        public List<Citation> Citations { get; } = [];

        public string? Signature { get; set; }

        public string? Redacted { get; set; }

        public string? Vendor { get; set; }

        public string? Id { get; set; }

        public bool IsIdMadeUp { get; set; }

        public string Name { get; set; } = "";

        public bool IsCustom { get; set; }

        public ContentPart ToContent() => kind switch
        {
            PartKind.Refusal => new RefusalPart(Text.ToString()),
            PartKind.Reasoning => new ReasoningPart(Text.ToString(), Signature, Redacted) { Vendor = Vendor, Id = Id },
            PartKind.ToolCall => new ToolCallPart(Id ?? "", Name, Text.Length == 0 ? "{}" : Text.ToString()) { Signature = Signature, IsCustom = IsCustom, IsIdMadeUp = IsIdMadeUp },
            _ => Citations.Count == 0 ? new TextPart(Text.ToString()) : new TextPart(Text.ToString()) { Citations = Citations },
        };
    }
}
