namespace Sommelier.Canonical;

/// <summary>One piece of a message. Closed: every wire format maps to these cases or keeps its own in <see cref="OpaquePart"/>.</summary>
/// <param name="Extra">Fields of the piece that we do not know, for writers of the same format.</param>
public abstract record ContentPart(Extra? Extra)
{
    /// <summary>Where the caller wrote it, set once by who reads it; unknown for what nobody wrote.</summary>
    internal FieldPath Place { get; set; }
}

/// <summary>Plain text.</summary>
/// <param name="Text">What is said.</param>
/// <param name="Extra">Unknown fields, for example <c>cache_control</c>.</param>
public sealed record TextPart(string Text, Extra? Extra = null) : ContentPart(Extra)
{
    /// <summary>The pages that an answer's text is taken from, as far as the vendor says.</summary>
    public IReadOnlyList<Citation> Citations { get; init; } = [];
}

/// <summary>A declined answer, said by the model in words.</summary>
/// <param name="Text">The refusal.</param>
/// <param name="Extra">Unknown fields.</param>
public sealed record RefusalPart(string Text, Extra? Extra = null) : ContentPart(Extra);

/// <summary>The model's thinking, with the vendor's seal on it.</summary>
/// <param name="Text">What was thought, as far as the vendor shows it; empty when only the seal is there.</param>
/// <param name="Signature">The vendor's opaque signature, which must come back unchanged; null when there is none.</param>
/// <param name="Redacted">Thinking that the vendor shows only sealed, as it came; null when it is in <paramref name="Text"/>.</param>
/// <param name="Extra">Unknown fields, for example OpenRouter's <c>reasoning_details</c>.</param>
public sealed record ReasoningPart(string Text, string? Signature = null, string? Redacted = null, Extra? Extra = null)
    : ContentPart(Extra)
{
    /// <summary>Whose seal <see cref="Signature"/> or <see cref="Redacted"/> is, see <c>Wire/Seals.cs</c>; null: the vendor whose wire format it came in.</summary>
    public string? Vendor { get; init; }

    /// <summary>The vendor's id of this piece of thinking (OpenAI's <c>rs_…</c>), which must come back with the seal; null when there is none.</summary>
    public string? Id { get; init; }
}

/// <summary>The model asks for a tool to be run.</summary>
/// <param name="Id">The call's id, which its <see cref="ToolCallResponsePart"/> repeats.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object as text, exactly as the model wrote it; an empty object is <c>{}</c>.</param>
/// <param name="Extra">Unknown fields, for example a thought signature.</param>
public sealed record ToolCallPart(string Id, string Name, string Arguments, Extra? Extra = null) : ContentPart(Extra)
{
    /// <summary>The seal of the thinking that led to the call, which must come back with it (Gemini's thought signature); null when there is none.</summary>
    public string? Signature { get; init; }

    /// <summary>Whether <see cref="Id"/> is the reader's, since the client, or the vendor, sent none: it then names nothing beyond this conversation, or answer.</summary>
    public bool IsIdMadeUp { get; init; }

    /// <summary>Whether a custom tool is called: <see cref="Arguments"/> then hold its text as the member <c>input</c>.</summary>
    public bool IsCustom { get; init; }
}

/// <summary>What a tool answered.</summary>
/// <param name="Id">The id of the call.</param>
/// <param name="Parts">The answer: text, images, documents.</param>
/// <param name="IsError">Whether the tool failed.</param>
/// <param name="Extra">Unknown fields.</param>
public sealed record ToolCallResponsePart(string Id, IReadOnlyList<ContentPart> Parts, bool IsError = false, Extra? Extra = null)
    : ContentPart(Extra);

/// <summary>Bytes that travel inside the request: an image, a sound, a document.</summary>
/// <param name="MediaType">For example <c>image/png</c>.</param>
/// <param name="Data">The bytes.</param>
/// <param name="FileName">A name for it, or null.</param>
/// <param name="Extra">Unknown fields, for example <c>detail</c>.</param>
public sealed record BlobPart(string MediaType, BlobData Data, string? FileName = null, Extra? Extra = null) : ContentPart(Extra);

/// <summary>Media that the model's host fetches by itself.</summary>
/// <param name="Uri">Where it lies, as the caller wrote it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Extra">Unknown fields.</param>
public sealed record UriPart(string Uri, MediaKind Kind, Extra? Extra = null) : ContentPart(Extra);

/// <summary>A file that was uploaded to the vendor before.</summary>
/// <param name="FileId">The vendor's id of it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Extra">Unknown fields.</param>
public sealed record FilePart(string FileId, MediaKind Kind, Extra? Extra = null) : ContentPart(Extra);

/// <summary>A piece that only its own wire format knows, such as a vendor's server-side tool result.</summary>
/// <param name="Format">The wire format that it came from.</param>
/// <param name="Type">The vendor's name for the kind of piece, for the warning when it cannot be carried.</param>
/// <param name="Json">The piece as it came.</param>
public sealed record OpaquePart(string Format, string Type, string Json) : ContentPart((Extra?)null)
{
    /// <summary>What it says in pieces that every format has, for targets of other formats; empty when that cannot be said.</summary>
    public IReadOnlyList<ContentPart> Plain { get; init; } = [];
}
