using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads what routing needs in one pass over the body, with no object per item.</summary>
internal ref struct ResponsesOutlineReader : IBodyMembers
{
    /// <inheritdoc/>
    public static NameTable Names { get; } = new(
        "model", "input", "instructions", "stream", "tools", "tool_choice", "store", "reasoning", "include", "text", "temperature",
        "max_output_tokens", "parallel_tool_calls", "prompt_cache_key", "previous_response_id", "top_p", "metadata", "user", "sommelier",
        "truncation", "service_tier", "safety_identifier", "top_logprobs", "background", "conversation", "max_tool_calls", "prompt",
        "stream_options", "prompt_cache_retention", "prompt_cache_options", "context_management", "moderation", "client_metadata");

    private readonly ReadOnlySpan<byte> body;
    private readonly List<BodyMember> members = new(12);
    private ResponsesOutlineInput input;
    private string? model;
    private string? tier;
    private string? user;
    private string? safetyIdentifier;
    private string? previous;
    private bool stream;
    private bool keep;
    private bool hasPrompt;
    private readonly bool kept;
    private int? maxTokens;
    private int tools;
    private bool customTools;
    private bool searches;
    private int maxToolCalls = WebSearch.AssumedUses;
    private Range toolsRange;
    private TextCount toolText;
    private ToolChoiceMode? toolChoice;
    private ResponseFormatKind form;
    private ReasoningEffort? effort;
    private CallerHints? hints;

    private ResponsesOutlineReader(ReadOnlySpan<byte> body, bool kept)
    {
        this.body = body;
        this.kept = keep = kept;
    }

    /// <inheritdoc cref="IRequestWire.Outline"/>
    /// <param name="body">The request.</param>
    /// <param name="kept">Whether answers to such requests are kept where the caller does not say otherwise.</param>
    public static RequestOutline Read(ReadOnlySpan<byte> body, bool kept = true)
    {
        var outline = new ResponsesOutlineReader(body, kept);
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Build();
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "input":
                input.Read(ref reader);
                return;
            case "instructions":
                input.ReadInstructions(ref reader);
                return;
            case "sommelier":
                hints = CallerHintsReader.Read(ref reader);
                return;
            case "model":
                model = OutlineFields.Text(ref reader, name);
                if (model is "")
                {
                    throw FieldError.OutOfRange(name, "a model name that is not empty, e.g. \"auto\"");
                }

                return;
            case "stream":
                stream = OutlineFields.Flag(ref reader, name);
                return;
            case "store":
                keep = reader.TokenType == JsonTokenType.Null || OutlineFields.Flag(ref reader, name);
                return;
            case "max_output_tokens":
                maxTokens = OutlineFields.Count(ref reader, name);
                return;
            case "tools":
                (tools, customTools, searches, toolsRange) = OutlineFields.Tools(ref reader, name);
                toolText.AddRaw(body[toolsRange]);
                return;
            case "tool_choice":
                toolChoice = ResponsesOutlineFields.Choice(ref reader, name);
                return;
            case "text":
                form = ResponsesOutlineFields.Form(ref reader, name);
                return;
            case "reasoning":
                effort = OutlineFields.ReasoningObject(ref reader, name);
                return;
            case "service_tier":
                tier = ServiceTiers.Of(ref reader);
                return;
            case "user":
                user = OutlineFields.Text(ref reader, name);
                return;
            case "safety_identifier":
                safetyIdentifier = OutlineFields.Text(ref reader, name);
                return;
            case "previous_response_id":
                previous = OutlineFields.Text(ref reader, name);
                return;
            case "background" or "conversation":
                ResponsesOutlineFields.Refuse(ref reader, name);
                return;
            case "max_tool_calls":
                OutlineFields.CheckNumber(ref reader, name);
                maxToolCalls = SearchLimit.Of(ref reader);
                return;
            case "temperature" or "top_p" or "top_logprobs":
                OutlineFields.CheckNumber(ref reader, name);
                return;
            default:
                hasPrompt |= name is "prompt" && reader.TokenType != JsonTokenType.Null;
                reader.Skip();
                return;
        }
    }

    private readonly RequestOutline Build()
    {
        if (model is null)
        {
            throw FieldError.Missing("model", "a model name, e.g. \"auto\"");
        }

        // A stored prompt or an earlier answer may say everything.
        if (input.Count == 0 && previous is null && !hasPrompt)
        {
            throw input.Seen
                ? WireException.Invalid("input", "'input' is empty. Send a text or at least one item.")
                : FieldError.Missing("input", "a text or a list of items");
        }

        return new RequestOutline
        {
            Model = model,
            Stream = stream,
            StreamUsage = stream,
            MaxOutputTokens = maxTokens,
            MessageCount = input.Count,
            TextBytes = input.Text.Bytes + toolText.Bytes,
            NonAsciiBytes = input.Text.NonAscii + toolText.NonAscii,
            MediaCount = input.MediaCount,
            Media = input.Media,
            ToolCount = tools + input.ToolCount,
            CustomTools = customTools || input.ToolCount > 0,
            ToolsUsed = input.ToolsUsed,
            LastIsToolResult = input.LastIsToolResult,
            ToolChoice = toolChoice,
            ResponseFormat = form,
            ServiceTier = tier,
            WebSearches = searches || input.Searches ? maxToolCalls : 0,
            ReasoningEffort = effort,
            Prefill = input.Prefill,
            PrefixHash = input.PrefixHash(body, body[toolsRange]),
            CacheableTextBytes = input.CacheableBytes == 0 ? 0 : input.CacheableBytes + toolText.Bytes,
            Hints = hints,
            EndUser = user ?? safetyIdentifier,
            Tail = input.Tail(body),
            Members = members,
            PreviousResponseId = previous,
            HasReferences = input.HasReferences,
            StoredPrompt = hasPrompt,
            Keep = keep && kept,
            FormatFlags = (uint)input.Flags,
        };
    }
}
