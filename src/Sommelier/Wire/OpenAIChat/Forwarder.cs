using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Forwards a request of this format: the bytes as they came, with the model replaced, the <c>sommelier</c> object cut
/// out, and what the target's quirks demand changed in place.
/// </summary>
/// <remarks>Quirks that reach deep into the request (an emulated schema, tool-call ids of a fixed length) take the canonical way instead.</remarks>
internal ref struct Forwarder
{
    private readonly ReadOnlySpan<byte> body;
    private readonly RequestOutline outline;
    private readonly WireTarget target;
    private readonly WireQuirks quirks;
    private readonly ICollection<Warning> warnings;
    private readonly JsonEdits edits = new();
    private readonly MemberEdits members;
    private readonly Span<bool> cut;

    private Forwarder(ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target, ICollection<Warning> warnings, Span<bool> cut)
    {
        this.body = body;
        this.outline = outline;
        this.target = target;
        this.warnings = warnings;
        this.cut = cut;
        quirks = target.Quirks;
        members = new(body, outline, target, edits, warnings);
    }

    /// <inheritdoc cref="IRequestWire.Forward"/>
    public static void Forward(ReadOnlyMemory<byte> whole, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = whole.Span;
        if (CanonicalWay.IsNeeded(body, outline, target.Quirks))
        {
            RequestWriter.Write(RequestReader.Read(whole), target, output, warnings);
            return;
        }

        Span<bool> gone = stackalloc bool[JsonLimits.MaxTopLevelFields];
        var forwarder = new Forwarder(body, outline, target, warnings, gone[..outline.Members.Count]);
        forwarder.Edit();
        forwarder.edits.Apply(body, output);
    }

    private readonly void Edit()
    {
        for (var i = 0; i < outline.Members.Count; i++)
        {
            cut[i] = !Keep(outline.Members[i]);
        }

        // Before the cuts: an insertion after a member stands before the cut of the next.
        AskForUsage();
        edits.CutMembers(outline.Members, cut);
    }

    // False takes the member out.
    private readonly bool Keep(BodyMember member)
    {
        switch (member.Name)
        {
            case CallerHintsReader.Member:
                return false;
            case "model":
                edits.Replace(member.ValueStart, member.End, JsonBytes.Quoted(target.Model));
                return true;
            case "messages":
                MessageEdits.Add(body, member, (OutlineFlags)outline.FormatFlags, quirks, edits, warnings);
                return true;
            case "max_tokens" or "max_completion_tokens":
                return KeepLimit(member);
            case "reasoning_effort" or "reasoning":
                return KeepReasoning(member);
            case "stream_options" when quirks.StreamUsage == StreamUsageRule.Always:
                return false;
            default:
                return members.Keep(member);
        }
    }

    private readonly bool KeepLimit(BodyMember member)
    {
        if (quirks.Unsupported.Contains(member.Name) && quirks.Unsupported.Contains(quirks.MaxTokensField))
        {
            return members.Drop(member);
        }

        return string.Equals(member.Name, quirks.MaxTokensField, StringComparison.Ordinal) || members.Rename(member, quirks.MaxTokensField);
    }

    private readonly bool KeepReasoning(BodyMember member)
    {
        var isEffort = string.Equals(member.Name, "reasoning_effort", StringComparison.Ordinal);
        if (members.Value(member).SequenceEqual("null"u8))
        {
            return false;
        }

        // What the target has a word of its own for, and the caller used, stays as the caller wrote it.
        var native = quirks.Reasoning == ReasoningKnob.ReasoningObject ? "reasoning" : "reasoning_effort";
        var isNative = string.Equals(member.Name, native, StringComparison.Ordinal) && quirks.Reasoning is ReasoningKnob.ReasoningObject or ReasoningKnob.ReasoningEffort;
        if (!isNative && outline.Member(isEffort ? "reasoning" : "reasoning_effort") is not null && (!isEffort || quirks.Reasoning == ReasoningKnob.ReasoningObject))
        {
            return false;
        }

        if (isNative && quirks.Unsupported.Contains(member.Name))
        {
            return members.Drop(member);
        }

        var reasoning = ReasoningReader.Read(body, outline);
        if (reasoning is { Effort: null, BudgetTokens: null } && isNative)
        {
            return true;
        }

        if (isNative && isEffort && reasoning.Effort is { } effort)
        {
            var known = ReasoningKnobs.Nearest(effort, member.Name, target, warnings);
            if (known != effort)
            {
                edits.Replace(member.ValueStart, member.End, JsonBytes.Quoted(OpenAIWords.Effort(known)));
            }

            return true;
        }

        if (isNative && !isEffort)
        {
            return true;
        }

        return ReplaceReasoning(member, reasoning);
    }

    private readonly bool ReplaceReasoning(BodyMember member, Reasoning reasoning)
    {
        if (quirks.Reasoning == ReasoningKnob.ThinkingToggle && outline.Member("thinking") is not null
            || quirks.Reasoning == ReasoningKnob.EnableThinking && outline.Member("enable_thinking") is not null)
        {
            // The caller spoke the target's own language beside the common one.
            return quirks.Reasoning == ReasoningKnob.ThinkingToggle && member.Name is "reasoning_effort" && !quirks.Unsupported.Contains(member.Name);
        }

        var (to, name, notes) = (target, member.Name, warnings);
        if (reasoning is { Effort: null, BudgetTokens: null })
        {
            warnings.Add(new Warning("dropped", name, "the model has no such word"));
            return false;
        }

        var text = JsonBytes.Members(writer => ReasoningKnobs.Write(reasoning, name, to, writer, notes));
        if (text.IsEmpty)
        {
            return false;
        }

        edits.Replace(member.Start, member.End, text);
        return true;
    }

    private readonly void AskForUsage()
    {
        if (!outline.Stream || outline.StreamUsage || !target.AskStreamUsage || quirks.StreamUsage != StreamUsageRule.OnRequest)
        {
            return;
        }

        if (outline.Member("stream_options") is not { } options)
        {
            edits.Insert(LastKept().End, ",\"stream_options\":{\"include_usage\":true}"u8.ToArray());
            return;
        }

        edits.Replace(options.ValueStart, options.End, StreamOptions.WithUsage(members.Value(options)));
    }

    private readonly BodyMember LastKept()
    {
        for (var i = outline.Members.Count - 1; i > 0; i--)
        {
            if (!cut[i])
            {
                return outline.Members[i];
            }
        }

        return outline.Members[0];
    }
}
