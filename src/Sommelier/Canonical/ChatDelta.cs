namespace Sommelier.Canonical;

/// <summary>One streamed step. Closed. Indexes count parts of the answer from 0 and never go back.</summary>
public abstract record ChatDelta;

/// <summary>The answer begins: who makes it.</summary>
/// <param name="Id">The vendor's id of the answer.</param>
/// <param name="ResponseModel">The model that says it answers.</param>
public sealed record StartDelta(string? Id, string? ResponseModel) : ChatDelta
{
    /// <summary>When the vendor says that the answer was made; null where it does not.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The vendor's word for the backend that answered; null where it has none.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>The vendor's word for how the request was served; null where it has none.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The conversation that an application began or went on with, see <see cref="ChatResponse.Conversation"/>; null where it keeps none.</summary>
    public string? Conversation { get; init; }
}

/// <summary>More text.</summary>
/// <param name="Index">The part that it belongs to.</param>
/// <param name="Text">The text; never null, may be empty.</param>
public sealed record TextDelta(int Index, string Text) : ChatDelta;

/// <summary>A page that a text is taken from. May come before the text, or after it.</summary>
/// <param name="Index">The part, which is one of text.</param>
/// <param name="Citation">The page, and the place in the part.</param>
public sealed record CitationDelta(int Index, Citation Citation) : ChatDelta;

/// <summary>More of a refusal.</summary>
/// <param name="Index">The part.</param>
/// <param name="Text">The text.</param>
public sealed record RefusalDelta(int Index, string Text) : ChatDelta;

/// <summary>An application takes back the text that it has said so far: what follows stands in its place.</summary>
/// <remarks>In a whole answer the first text is as if it had never been said; what has reached a caller can only be told to be void.</remarks>
/// <param name="Filtered">
/// Whether a filter did it: what follows is a refusal, and the finish reason says so, so that a stream is whole nevertheless.
/// </param>
public sealed record WithdrawnDelta(bool Filtered) : ChatDelta;

/// <summary>More thinking.</summary>
/// <param name="Index">The part.</param>
/// <param name="Text">The thinking; may be empty.</param>
/// <param name="Signature">The vendor's seal, when it comes now.</param>
/// <param name="Redacted">Sealed thinking, when it comes now.</param>
public sealed record ReasoningDelta(int Index, string Text, string? Signature = null, string? Redacted = null) : ChatDelta
{
    /// <summary>Whose seal it is, see <see cref="ReasoningPart.Vendor"/>.</summary>
    public string? Vendor { get; init; }

    /// <summary>The vendor's id of the piece, see <see cref="ReasoningPart.Id"/>.</summary>
    public string? Id { get; init; }
}

/// <summary>A tool call begins.</summary>
/// <param name="Index">The part.</param>
/// <param name="Id">The call's id; made up by the reader where the vendor has none.</param>
/// <param name="Name">The tool.</param>
public sealed record ToolCallStartDelta(int Index, string Id, string Name) : ChatDelta
{
    /// <summary>The seal on the call, see <see cref="ToolCallPart.Signature"/>.</summary>
    public string? Signature { get; init; }

    /// <summary>Whether <see cref="Id"/> is the reader's, since the vendor gave none: it is unlike those beside it and no others.</summary>
    public bool IsIdMadeUp { get; init; }

    /// <summary>Whether a custom tool is called, see <see cref="ToolCallPart.IsCustom"/>.</summary>
    public bool IsCustom { get; init; }
}

/// <summary>More of a tool call's arguments.</summary>
/// <param name="Index">The part.</param>
/// <param name="Arguments">A piece of the JSON text.</param>
public sealed record ToolCallArgumentsDelta(int Index, string Arguments) : ChatDelta;

/// <summary>A part is complete, where the vendor says so; writers close an open part by themselves otherwise.</summary>
/// <param name="Index">The part.</param>
public sealed record PartEndDelta(int Index) : ChatDelta;

/// <summary>Token counts so far; the last one holds.</summary>
/// <param name="Usage">The counts.</param>
public sealed record UsageDelta(Usage Usage) : ChatDelta;

/// <summary>The model stopped. Comes once, before or after the last <see cref="UsageDelta"/>.</summary>
/// <param name="Reason">Why.</param>
public sealed record FinishDelta(FinishReason Reason) : ChatDelta;

/// <summary>The vendor reported a failure inside the stream.</summary>
/// <param name="Failure">What it said.</param>
public sealed record FailureDelta(UpstreamFailure Failure) : ChatDelta;

/// <summary>The format's own end mark arrived: the stream is whole.</summary>
public sealed record EndDelta : ChatDelta
{
    /// <summary>The one instance.</summary>
    public static EndDelta Instance { get; } = new();
}

/// <summary>A step that only its own format knows: citations, server-side tools.</summary>
/// <param name="Format">The wire format that it came from.</param>
/// <param name="Type">The vendor's name for it, for the warning when it cannot be carried.</param>
/// <param name="Json">The step as it came.</param>
public sealed record OpaqueDelta(string Format, string Type, string Json) : ChatDelta;
