using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Outlines a request in one pass over its bytes.</summary>
internal ref struct GeminiOutlineReader : IBodyMembers
{
    /// <inheritdoc/>
    public static NameTable Names { get; } = new(
        "contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings", "cachedContent", "model", "serviceTier",
        CallerHintsReader.Member, "system_instruction", "generation_config", "tool_config");

    private readonly ReadOnlySpan<byte> body;
    private readonly List<BodyMember> members = new(8);
    private GeminiConversationScan conversation;
    private GeminiSettingsScan settings;
    private TextCount tools;
    private ulong toolsHash;
    private int toolCount;
    private bool searches;
    private ToolChoiceMode? choice;
    private string? model;
    private string? tier;
    private bool hasContents;
    private bool hasStored;
    private CallerHints? hints;

    private GeminiOutlineReader(ReadOnlySpan<byte> body)
    {
        this.body = body;
        conversation = new GeminiConversationScan(body);
    }

    /// <summary>Outlines a body.</summary>
    /// <param name="body">The request.</param>
    /// <param name="path">Names the model and says whether a stream is wanted, and how it is framed.</param>
    public static RequestOutline Read(ReadOnlySpan<byte> body, CallPath path)
    {
        var outline = new GeminiOutlineReader(body);
        BodyMembers.ReadRequest(ref outline, body, outline.members);
        return outline.Finish(path);
    }

    /// <summary>The model that a call names: in its path, else in the body; with or without the prefix <c>models/</c>.</summary>
    public static string Model(CallPath path, string? inBody)
    {
        var name = path.Model ?? inBody ?? throw FieldError.Missing("model", "the model's name in the path: /v1beta/models/MODEL:generateContent");
        return name.StartsWith("models/", StringComparison.Ordinal) ? name["models/".Length..] : name;
    }

    /// <inheritdoc/>
    public void Value(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "contents":
                hasContents = true;
                conversation.ReadContents(ref reader);
                break;
            case "systemInstruction" or "system_instruction":
                conversation.ReadSystem(ref reader);
                break;
            case "generationConfig" or "generation_config":
                settings.Read(ref reader);
                break;
            case "tools":
                Tools(ref reader);
                break;
            case "toolConfig" or "tool_config":
                Choice(ref reader);
                break;
            case "cachedContent" or "cached_content":
                hasStored |= reader.TokenType != JsonTokenType.Null;
                reader.Skip();
                break;
            case "serviceTier" or "service_tier":
                tier = ServiceTiers.Of(ref reader);
                break;
            case "model" when reader.TokenType == JsonTokenType.String:
                model = JsonText.Of(ref reader, "model");
                break;
            case CallerHintsReader.Member:
                hints = CallerHintsReader.Read(ref reader);
                break;
            default:
                reader.Skip();
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
            throw FieldError.WrongType("tools", "a list of tools", reader.TokenType);
        }

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FieldError.WrongType("tools", "a list of objects, e.g. with 'functionDeclarations'", reader.TokenType);
            }

            Tool(ref reader);
        }

        var raw = body[start..(int)reader.BytesConsumed];
        tools.AddRaw(raw);
        var hash = default(StableHash);
        hash.Add(raw);
        toolsHash = hash.Value;
    }

    private void Tool(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFunctions = reader.ValueTextEquals("functionDeclarations"u8) || reader.ValueTextEquals("function_declarations"u8);
            searches |= reader.ValueTextEquals("googleSearch"u8) || reader.ValueTextEquals("google_search"u8)
                || reader.ValueTextEquals("googleSearchRetrieval"u8) || reader.ValueTextEquals("google_search_retrieval"u8);
            reader.Read();
            if (isFunctions && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    toolCount++;
                    reader.Skip();
                }
            }
            else
            {
                toolCount++;
                reader.Skip();
            }
        }
    }

    private void Choice(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var depth = reader.CurrentDepth;
        var names = 0;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("mode"u8))
            {
                reader.Read();
                choice = reader.TokenType != JsonTokenType.String ? null
                    : reader.ValueTextEquals("ANY"u8) ? ToolChoiceMode.Required
                    : reader.ValueTextEquals("NONE"u8) ? ToolChoiceMode.None
                    : ToolChoiceMode.Auto;
            }
            else if (reader.ValueTextEquals("allowedFunctionNames"u8) || reader.ValueTextEquals("allowed_function_names"u8))
            {
                reader.Read();
                while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    names++;
                }
            }
        }

        choice = choice == ToolChoiceMode.Required && names == 1 ? ToolChoiceMode.Named : choice;
    }

    private readonly RequestOutline Finish(CallPath path)
    {
        if (!hasContents)
        {
            throw FieldError.Missing("contents", "a list of contents, each with 'role' and 'parts'");
        }

        return new RequestOutline
        {
            Model = Model(path, model),
            Stream = path.Stream ?? false,
            StreamUsage = path.Stream ?? false,
            MaxOutputTokens = settings.MaxOutputTokens,
            Choices = settings.Choices,
            MessageCount = conversation.MessageCount + (conversation.HasSystem ? 1 : 0),
            TextBytes = conversation.System.Bytes + conversation.Text.Bytes + tools.Bytes,
            NonAsciiBytes = conversation.System.NonAscii + conversation.Text.NonAscii + tools.NonAscii,
            MediaCount = conversation.MediaCount,
            Media = conversation.Media,
            ToolCount = toolCount,
            ToolsUsed = conversation.ToolsUsed,
            LastIsToolResult = conversation.LastIsToolResult,
            ToolChoice = choice,
            ResponseFormat = settings.ResponseFormat,
            ServiceTier = tier,
            WebSearches = searches ? WebSearch.AssumedUses : 0,
            ReasoningEffort = settings.Effort,
            Prefill = conversation.LastIsModel,
            PrefixHash = conversation.PrefixHash(toolsHash),
            CacheableTextBytes = conversation.CacheableBytes is { } cacheable ? conversation.System.Bytes + tools.Bytes + cacheable : 0,
            Hints = hints,
            Tail = conversation.Tail(),
            StoredPrompt = hasStored,
            Members = members,
        };
    }
}
