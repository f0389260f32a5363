using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Outlines a request in one pass over its bytes.</summary>
internal ref struct ConverseOutlineReader : IBodyMembers
{
    /// <inheritdoc/>
    public static NameTable Names { get; } = new(
        "messages", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "outputConfig", "guardrailConfig", "serviceTier",
        "performanceConfig", "requestMetadata", CallerHintsReader.Member);

    private readonly ReadOnlySpan<byte> body;
    private readonly List<BodyMember> members = new(8);
    private ConverseMessageScan messages;
    private TextCount tools;
    private Range toolsRange;
    private int toolCount;
    private ToolChoiceMode? choice;
    private int? maxTokens;
    private string? tier;
    private bool guarded;
    private bool hasMessages;
    private bool wantsSchema;
    private ReasoningEffort? effort;
    private CallerHints? hints;

    private ConverseOutlineReader(ReadOnlySpan<byte> body)
    {
        this.body = body;
        messages = new ConverseMessageScan(body);
    }

    /// <summary>Outlines a body.</summary>
    /// <param name="body">The request.</param>
    /// <param name="path">Names the model and says whether a stream is wanted.</param>
    public static RequestOutline Read(ReadOnlySpan<byte> body, CallPath path)
    {
        var outline = new ConverseOutlineReader(body);
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Finish(path);
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "messages":
                hasMessages = true;
                messages.ReadAll(ref reader);
                break;
            case "system":
                messages.ReadSystem(ref reader);
                break;
            case "inferenceConfig":
                maxTokens = Number(ref reader, "maxTokens"u8) switch { < 0 => throw FieldError.OutOfRange("inferenceConfig.maxTokens", "a whole number from 1 on"), var limit => limit };
                break;
            case "toolConfig":
                ToolConfig(ref reader);
                break;
            case "outputConfig":
                Output(ref reader);
                break;
            case "guardrailConfig":
                guarded |= reader.TokenType != JsonTokenType.Null;
                reader.Skip();
                break;
            case "serviceTier":
                tier = ServiceTiers.Inside(ref reader, "type"u8) ?? tier;
                break;
            case "performanceConfig":
                tier ??= ServiceTiers.Inside(ref reader, "latency"u8);
                break;
            case "additionalModelRequestFields":
                More(ref reader);
                break;
            case CallerHintsReader.Member:
                hints = CallerHintsReader.Read(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static int? Number(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        int? found = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            found = isIt && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : found;
            reader.Skip();
        }

        return found;
    }

    private void ToolConfig(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTools = reader.ValueTextEquals("tools"u8);
            var isChoice = reader.ValueTextEquals("toolChoice"u8);
            reader.Read();
            if (isTools && reader.TokenType == JsonTokenType.StartArray)
            {
                var start = (int)reader.TokenStartIndex;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    toolCount++;
                    reader.Skip();
                }

                toolsRange = new Range(start, (int)reader.BytesConsumed);
                tools.AddRaw(body[toolsRange]);
            }
            else if (isChoice && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                choice = reader.ValueTextEquals("any"u8) ? ToolChoiceMode.Required : reader.ValueTextEquals("tool"u8) ? ToolChoiceMode.Named : ToolChoiceMode.Auto;
                SkipObject(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void Output(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            wantsSchema |= reader.ValueTextEquals("textFormat"u8);
            var isEffort = reader.ValueTextEquals("effort"u8);
            reader.Read();
            if (isEffort && reader.TokenType == JsonTokenType.String)
            {
                effort = reader.ValueTextEquals("none"u8) ? ReasoningEffort.None : AnthropicMessages.AnthropicEffort.Read(JsonText.Tolerant(ref reader)) ?? ReasoningEffort.Minimal;
            }

            reader.Skip();
        }
    }

    private void More(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var thinks = reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("reasoningConfig"u8);
            reader.Read();
            effort ??= thinks && reader.TokenType == JsonTokenType.StartObject ? ReasoningEffort.Medium : null;
            reader.Skip();
        }
    }

    // From a name inside an object to the object's end.
    private static void SkipObject(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth - 1;
        while (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth > depth)
        {
            if (!reader.Read())
            {
                return;
            }
        }
    }

    private readonly RequestOutline Finish(CallPath path)
    {
        if (!hasMessages)
        {
            throw FieldError.Missing("messages", "a list of messages, each with 'role' and 'content'");
        }

        return new RequestOutline
        {
            Model = path.Model ?? throw FieldError.Missing("modelId", "the model's id in the path: /model/ID/converse"),
            Stream = path.Stream ?? false,
            StreamUsage = path.Stream ?? false,
            MaxOutputTokens = maxTokens,
            MessageCount = messages.Count,
            TextBytes = messages.Text.Bytes + tools.Bytes,
            NonAsciiBytes = messages.Text.NonAscii + tools.NonAscii,
            MediaCount = messages.MediaCount,
            Media = messages.Media,
            ToolCount = toolCount,
            ToolsUsed = messages.ToolsUsed,
            LastIsToolResult = messages.LastIsTool,
            ToolChoice = choice,
            ResponseFormat = wantsSchema ? ResponseFormatKind.JsonSchema : ResponseFormatKind.Text,
            ServiceTier = tier,
            Guarded = guarded,
            ReasoningEffort = effort,
            Prefill = messages.LastIsAssistant,
            PrefixHash = messages.PrefixHash(body[toolsRange]),
            CacheableTextBytes = messages.CacheableBytes is { } cacheable ? tools.Bytes + cacheable : 0,
            Hints = hints,
            Tail = messages.Turns.Tail(body, messages.SystemTexts),
            Members = members,
        };
    }
}
