namespace Sommelier.Canonical;

/// <summary>
/// What one pass over a request's bytes tells, without an object per message: enough to route it, and enough to forward
/// it with only the model rewritten.
/// </summary>
/// <remarks>Made by a wire format's reader. Ranges are byte offsets into the body that it was made from.</remarks>
public sealed class RequestOutline
{
    /// <summary>The model name that the caller sent.</summary>
    public required string Model { get; init; }

    /// <summary>What is asked of the model. Default: a chat.</summary>
    public Operation Operation { get; init; }

    /// <summary>How many inputs are to be embedded; 0 for a chat.</summary>
    public int Inputs { get; init; }

    /// <summary>How many tokens the caller gave as ids of the model's own tokenizer, which need no estimate.</summary>
    public int TokenIds { get; init; }

    /// <summary>Whether the answer is wanted as it is made.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the caller asked for token counts in the stream.</summary>
    public bool StreamUsage { get; init; }

    /// <summary>Upper bound of generated tokens, or null.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How many answers are asked for.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How many messages there are, system ones included.</summary>
    public int MessageCount { get; init; }

    /// <summary>Bytes of all text in system, messages and tools; the token estimate starts from here.</summary>
    public long TextBytes { get; init; }

    /// <summary>Of <see cref="TextBytes"/>, those outside ASCII: scripts differ in bytes per token.</summary>
    public long NonAsciiBytes { get; init; }

    /// <summary>How many images, sounds and documents there are.</summary>
    public int MediaCount { get; init; }

    /// <summary>Which kinds of media there are.</summary>
    public MediaKind Media { get; init; }

    /// <summary>How many tools are on offer.</summary>
    public int ToolCount { get; init; }

    /// <summary>
    /// Whether a tool on offer is one that targets without custom tools do not know: it takes text as it is, see
    /// <see cref="ToolDefinition.Custom"/>, stands in a namespace or is offered by an item of the input.
    /// </summary>
    public bool CustomTools { get; init; }

    /// <summary>Whether tool calls or results are in the conversation.</summary>
    public bool ToolsUsed { get; init; }

    /// <summary>Whether the last message is a tool's answer: a step of an agent's loop.</summary>
    public bool LastIsToolResult { get; init; }

    /// <summary>The tool choice's freedom; null when not said.</summary>
    public ToolChoiceMode? ToolChoice { get; init; }

    /// <summary>The form of the answer that is asked for.</summary>
    public ResponseFormatKind ResponseFormat { get; init; }

    /// <summary>How the caller asks to be served, see <see cref="Usage.ServiceTier"/>; null for the usual way, or as the vendor likes.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Where the call is to be held to, see <see cref="Usage.InferenceGeo"/>; null for anywhere, or as the vendor likes.</summary>
    public string? InferenceGeo { get; init; }

    /// <summary>The most searches of the web that the vendor may run for the answer; 0 where none is on offer, <see cref="WebSearch.AssumedUses"/> where the caller sets no limit.</summary>
    public int WebSearches { get; init; }

    /// <summary>What is asked of the model's thinking; null when not said.</summary>
    public ReasoningEffort? ReasoningEffort { get; init; }

    /// <summary>Whether the conversation ends with an assistant message that the model is to continue.</summary>
    public bool Prefill { get; init; }

    /// <summary>A hash over system, tools and the first user message: the same conversation has the same one.</summary>
    public ulong PrefixHash { get; init; }

    /// <summary>Bytes of text up to and including the last assistant or tool message: what a cache may hold.</summary>
    public long CacheableTextBytes { get; init; }

    /// <summary>What the caller asked of Sommelier in the body; null when there is no <c>sommelier</c> object.</summary>
    public CallerHints? Hints { get; init; }

    /// <summary>The end user's id, or null.</summary>
    public string? EndUser { get; init; }

    /// <summary>The texts that the classifier reads, cut to what it can use.</summary>
    public ConversationTail Tail { get; init; } = ConversationTail.Empty;

    /// <summary>Top-level members that a pass-through writer may have to rewrite or cut, in the order of the body.</summary>
    public IReadOnlyList<BodyMember> Members { get; init; } = [];

    /// <summary>The earlier answer that the caller continues without repeating it (OpenAI's <c>previous_response_id</c>); null when it sends everything.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>Whether the conversation names items that the vendor is to have kept, instead of holding them (<c>item_reference</c>).</summary>
    public bool HasReferences { get; init; }

    /// <summary>Whether the conversation begins with a prompt that the vendor keeps (OpenAI's <c>prompt</c>, Google's <c>cachedContent</c>): nobody else can read it.</summary>
    public bool StoredPrompt { get; init; }

    /// <summary>Whether the vendor is to hold the answer to a guardrail that it keeps (Bedrock's <c>guardrailConfig</c>): nobody else can.</summary>
    public bool Guarded { get; init; }

    /// <summary>Whether the vendor is to keep the conversation, or has its beginning already (Anthropic's <c>thread</c>): nobody else can go on with it.</summary>
    public bool Threaded { get; init; }

    /// <summary>Whether the caller wants the answer kept, to continue or fetch it later, in formats where that is usual.</summary>
    public bool Keep { get; init; }

    /// <summary>What only the format's own pass-through writer needs to know; each format has its own bits.</summary>
    internal uint FormatFlags { get; init; }

    /// <summary>The byte range of a top-level member, or null when the body has none of that name.</summary>
    public BodyMember? Member(string name)
    {
        foreach (var member in Members)
        {
            if (string.Equals(member.Name, name, StringComparison.Ordinal))
            {
                return member;
            }
        }

        return null;
    }
}

/// <summary>Where a top-level member stands in the body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">First byte of the name's opening quote.</param>
/// <param name="ValueStart">First byte of the value.</param>
/// <param name="End">First byte after the value.</param>
public readonly record struct BodyMember(string Name, int Start, int ValueStart, int End);

/// <summary>The end of a conversation, as text for the classifier.</summary>
/// <param name="System">The system instructions, cut.</param>
/// <param name="LastUser">The last user turn, cut in the middle when long.</param>
/// <param name="PreviousAssistant">The assistant turn before it, or empty.</param>
/// <param name="PreviousUser">The user turn before that, or empty.</param>
public sealed record ConversationTail(string System, string LastUser, string PreviousAssistant, string PreviousUser)
{
    /// <summary>No text at all.</summary>
    public static ConversationTail Empty { get; } = new("", "", "", "");

    /// <summary>A turn of more characters says something by itself; one of no more may be as bare as "yes, go on".</summary>
    public const int ShortTurn = 120;

    /// <summary>The most user turns that are kept, the last among them.</summary>
    public const int MaxUserTurns = 8;

    /// <summary>User turns before <see cref="PreviousUser"/>, the nearest first: as far back as each turn after them is a short one.</summary>
    public IReadOnlyList<string> EarlierUsers { get; init; } = [];

    /// <summary>Where the texts of the last user turn stand in the body, in order: the raw insides of JSON strings. Empty where <see cref="LastUserContent"/> holds them.</summary>
    internal IReadOnlyList<Range> LastUserTexts { get; init; } = [];

    /// <summary>Where the content of the last user turn stands, a string or a list of parts, in formats that look for its texts only when they are wanted; else empty.</summary>
    internal Range LastUserContent { get; init; }

    /// <summary>The most characters that are kept of a turn: 3,000 of its head and 1,000 of its tail.</summary>
    public const int MaxCharacters = 4_000;
}
