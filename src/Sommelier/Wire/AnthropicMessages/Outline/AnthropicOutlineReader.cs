using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Outlines a request in one pass over its bytes.</summary>
internal ref struct AnthropicOutlineReader : IBodyMembers
{
    /// <inheritdoc/>
    public static NameTable Names { get; } = new([.. AnthropicFields.All]);

    private readonly ReadOnlySpan<byte> body;
    private readonly List<BodyMember> members = new(16);
    private AnthropicConversationScan conversation;
    private AnthropicKnobs knobs;
    private TextCount tools;
    private ulong toolsHash;
    private int toolCount;
    private int searches;
    private string? model;
    private int? maxTokens;
    private bool stream;
    private bool hasMessages;
    private CallerHints? hints;

    private AnthropicOutlineReader(ReadOnlySpan<byte> body)
    {
        this.body = body;
        conversation = new AnthropicConversationScan(body);
    }

    /// <summary>Outlines a body.</summary>
    /// <param name="body">The request.</param>
    /// <param name="demandMaxTokens">Whether the output limit must be there: not when tokens are only counted.</param>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    public static RequestOutline Read(ReadOnlySpan<byte> body, bool demandMaxTokens)
    {
        var outline = new AnthropicOutlineReader(body);
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Finish(demandMaxTokens);
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "model":
                model = reader.TokenType == JsonTokenType.String ? JsonText.Of(ref reader, "model") : throw AnthropicFault.Wrong("model", "a string", reader.TokenType);
                break;
            case "max_tokens":
                maxTokens = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var limit) && limit >= 0
                    ? limit
                    : throw AnthropicFault.Wrong("max_tokens", "a whole number from 0 on", reader.TokenType);
                break;
            case "stream":
                stream = reader.TokenType switch
                {
                    JsonTokenType.True => true,
                    JsonTokenType.False or JsonTokenType.Null => false,
                    _ => throw AnthropicFault.Wrong("stream", "true or false", reader.TokenType),
                };
                break;
            case "messages":
                hasMessages = true;
                conversation.ReadMessages(ref reader);
                break;
            case "system":
                conversation.ReadSystem(ref reader);
                break;
            case "tools":
                Tools(ref reader);
                break;
            case CallerHintsReader.Member:
                hints = CallerHintsReader.Read(ref reader);
                break;
            default:
                knobs.Read(name, ref reader);
                break;
        }
    }

    private void Tools(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw AnthropicFault.Wrong("tools", "a list of tools", reader.TokenType);
        }

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw AnthropicFault.Wrong($"tools[{toolCount}]", "an object with 'name' and 'input_schema'", reader.TokenType);
            }

            toolCount++;
            searches = SearchLimit.Add(searches, SearchLimit.OfTool(ref reader));
        }

        var raw = body[start..(int)reader.BytesConsumed];
        tools.AddRaw(raw);
        var hash = default(StableHash);
        hash.Add(raw);
        toolsHash = hash.Value;
    }

    private readonly RequestOutline Finish(bool demandMaxTokens)
    {
        if (model is null)
        {
            throw AnthropicFault.Missing("model", "Send a model's name, or 'auto'.");
        }

        if (model.Length == 0)
        {
            throw AnthropicFault.Wrong("model", "a model's name, or 'auto', not an empty string");
        }

        if (demandMaxTokens && maxTokens is null)
        {
            throw AnthropicFault.Missing("max_tokens", "Send the most tokens to generate, for example 1024.");
        }

        if (!hasMessages)
        {
            throw AnthropicFault.Missing("messages", "Send a list of messages, each with 'role' and 'content'.");
        }

        // Only the vendor knows how long a conversation is that it keeps.
        if (!demandMaxTokens && knobs.Continues)
        {
            throw WireException.Invalid("thread", "'thread' goes on with a conversation that Anthropic keeps, and its tokens cannot be counted here. Send the whole conversation without 'thread' to count it.");
        }

        return new RequestOutline
        {
            Model = model,
            Stream = stream,
            StreamUsage = stream,
            MaxOutputTokens = maxTokens,
            MessageCount = conversation.MessageCount + (conversation.HasSystem ? 1 : 0),
            TextBytes = conversation.System.Bytes + conversation.Text.Bytes + tools.Bytes,
            NonAsciiBytes = conversation.System.NonAscii + conversation.Text.NonAscii + tools.NonAscii,
            MediaCount = conversation.MediaCount,
            Media = conversation.Media,
            ToolCount = toolCount,
            ToolsUsed = conversation.ToolsUsed,
            LastIsToolResult = conversation.LastIsToolResult,
            ToolChoice = knobs.ToolChoice,
            ResponseFormat = knobs.WantsJson ? ResponseFormatKind.JsonSchema : ResponseFormatKind.Text,
            ServiceTier = knobs.Speed,
            InferenceGeo = knobs.InferenceGeo,
            WebSearches = searches,
            ReasoningEffort = knobs.Effort(maxTokens),
            Prefill = conversation.LastIsAssistant,
            PrefixHash = conversation.PrefixHash(toolsHash),
            CacheableTextBytes = conversation.CacheableBytes is { } cacheable
                ? conversation.System.Bytes + tools.Bytes + cacheable
                : 0,
            Threaded = knobs.Threaded,
            Hints = hints,
            EndUser = knobs.EndUser,
            Tail = conversation.Tail(),
            Members = members,
        };
    }
}
