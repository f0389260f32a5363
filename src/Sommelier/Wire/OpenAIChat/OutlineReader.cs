using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads what routing needs in one pass over the body, with no object per message.</summary>
internal ref struct OutlineReader : IBodyMembers
{
    /// <summary>The top-level names of a request.</summary>
    public static NameTable Names { get; } = new(
        "model", "messages", "stream", "temperature", "max_tokens", "max_completion_tokens", "tools", "tool_choice",
        "stream_options", "response_format", "reasoning_effort", "top_p", "stop", "user", "seed", "n", "sommelier",
        "parallel_tool_calls", "frequency_penalty", "presence_penalty", "metadata", "store", "service_tier", "logprobs",
        "top_logprobs", "logit_bias", "reasoning", "thinking", "top_k", "min_p", "prompt_cache_key", "safety_identifier",
        "functions", "function_call", "modalities", "audio", "prediction", "verbosity", "web_search_options",
        "extra_body", "provider", "chat_template_kwargs", "enable_thinking", "thinking_budget");

    private readonly ReadOnlySpan<byte> body;
    private readonly List<BodyMember> members = new(12);
    private OutlineMessages messages;
    private string? model;
    private string? tier;
    private string? user;
    private string? safetyIdentifier;
    private bool stream;
    private bool streamUsage;
    private int? maxTokens;
    private int? maxCompletionTokens;
    private int choices = 1;
    private int tools;
    private bool customTools;
    private Range toolsRange;
    private TextCount toolText;
    private ToolChoiceMode? toolChoice;
    private ResponseFormatKind form;
    private ReasoningEffort? effort;
    private CallerHints? hints;
    private bool legacy;

    private OutlineReader(ReadOnlySpan<byte> body) => this.body = body;

    /// <inheritdoc cref="IRequestWire.Outline"/>
    public static RequestOutline Read(ReadOnlySpan<byte> body)
    {
        var outline = new OutlineReader(body);
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Build();
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "messages":
                messages.Read(ref reader, body);
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
            case "stream_options":
                streamUsage = OutlineFields.IncludeUsage(ref reader, name);
                return;
            case "max_tokens":
                maxTokens = OutlineFields.Count(ref reader, name);
                return;
            case "max_completion_tokens":
                maxCompletionTokens = OutlineFields.Count(ref reader, name);
                return;
            case "n":
                choices = OutlineFields.Count(ref reader, name) ?? 1;
                return;
            case "tools" or "functions":
                legacy |= name is "functions";
                ReadTools(name, ref reader);
                return;
            case "tool_choice" or "function_call":
                legacy |= name is "function_call";
                toolChoice = OutlineFields.Choice(ref reader, name);
                return;
            case "response_format":
                form = OutlineFields.Form(ref reader, name);
                return;
            case "reasoning_effort":
                effort = OpenAIWords.Effort(OutlineFields.Text(ref reader, name)) ?? effort;
                return;
            case "reasoning":
                effort ??= OutlineFields.ReasoningObject(ref reader, name);
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
            case "temperature" or "top_p" or "frequency_penalty" or "presence_penalty" or "seed":
                OutlineFields.CheckNumber(ref reader, name);
                return;
            case "stop":
                OutlineFields.CheckStop(ref reader, name);
                return;
            default:
                reader.Skip();
                return;
        }
    }

    private void ReadTools(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Null)
        {
            (var count, var custom, _, toolsRange) = OutlineFields.Tools(ref reader, name);
            tools += count;
            customTools |= custom;
            toolText.AddRaw(body[toolsRange]);
        }
    }

    private readonly RequestOutline Build()
    {
        if (model is null)
        {
            throw FieldError.Missing("model", "a model name, e.g. \"auto\"");
        }

        if (messages.Count == 0)
        {
            throw messages.Seen
                ? WireException.Invalid("messages", "'messages' is empty. Send at least one message.")
                : FieldError.Missing("messages", "a list of at least one message");
        }

        var flags = messages.Flags | (legacy ? OutlineFlags.Legacy : OutlineFlags.None);
        return new RequestOutline
        {
            Model = model,
            Stream = stream,
            StreamUsage = streamUsage,

            // Servers differ in which of the two they obey; what is held for the answer must do for either.
            MaxOutputTokens = (maxCompletionTokens, maxTokens) is ({ } newer, { } older) ? Math.Max(newer, older) : maxCompletionTokens ?? maxTokens,
            Choices = choices,
            MessageCount = messages.Count,
            TextBytes = messages.Text.Bytes + toolText.Bytes,
            NonAsciiBytes = messages.Text.NonAscii + toolText.NonAscii,
            MediaCount = messages.MediaCount,
            Media = messages.Media,
            ToolCount = tools,
            CustomTools = customTools,
            ToolsUsed = messages.ToolsUsed,
            LastIsToolResult = messages.LastIsToolResult,
            ToolChoice = toolChoice,
            ResponseFormat = form,
            ServiceTier = tier,
            ReasoningEffort = effort,
            Prefill = messages.Prefill,
            PrefixHash = messages.PrefixHash(body, body[toolsRange]),
            CacheableTextBytes = messages.CacheableBytes == 0 ? 0 : messages.CacheableBytes + toolText.Bytes,
            Hints = hints,
            EndUser = user ?? safetyIdentifier,
            Tail = messages.Tail(body),
            Members = members,
            FormatFlags = (uint)flags,
        };
    }
}
