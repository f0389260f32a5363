using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>A request's signals as JSON, in one key order, and back.</summary>
/// <remarks>What most requests have nothing of is written only where there is some: every request is recorded.</remarks>
internal static class SignalsJson
{
    public static void Write(Utf8JsonWriter to, RequestSignals s)
    {
        to.WriteStartObject();
        JsonText.Word<Operation>(to, "operation", s.Operation);
        to.WriteString("intent", s.Intent.Name());
        to.WriteString("group", s.Group.Name());
        to.WriteNumber("confidence", s.Confidence);
        to.WriteNumber("group_confidence", s.GroupConfidence);
        to.WriteBoolean("abstained", s.Abstained);
        to.WriteStartArray("distribution");
        for (var i = 0; i < s.Distribution.Count; i++)
        {
            to.WriteNumberValue(s.Distribution[i]);
        }

        to.WriteEndArray();
        JsonText.Word<Script>(to, "script", s.Script);
        to.WriteNumber("input_tokens", s.InputTokens);
        Some(to, "media_tokens", s.MediaTokens, 0);
        to.WriteNumber("expected_output_tokens", s.ExpectedOutputTokens);
        Some(to, "expected_reasoning_tokens", s.ExpectedReasoningTokens, 0);
        Some(to, "max_output_tokens", s.MaxOutputTokens, null);
        Some(to, "choices", s.Choices, 1);
        Some(to, "stream", s.Stream);
        Some(to, "media", (int)s.Media, 0);
        Some(to, "tools", s.ToolCount, 0);
        Some(to, "tools_used", s.ToolsUsed);
        if (s.ToolChoice is not null)
        {
            JsonText.Word(to, "tool_choice", s.ToolChoice);
        }

        Some(to, "tool_loop", s.ToolLoop);
        Some(to, "repeated", s.Repeated);
        Some(to, "stalled", s.Stalled, 0);
        JsonText.Word<ResponseFormatKind>(to, "response_format", s.ResponseFormat);
        if (s.ReasoningEffort is not null)
        {
            JsonText.Word(to, "reasoning_effort", s.ReasoningEffort);
        }

        Some(to, "service_tier", s.ServiceTier);
        Some(to, "inference_geo", s.InferenceGeo);
        to.WriteNumber("messages", s.MessageCount);
        Some(to, "prefill", s.Prefill);
        Some(to, "cacheable_tokens", s.CacheableTokens, 0);
        to.WriteNumber("difficulty", s.Difficulty);
        JsonText.Hash(to, "conversation_key", s.ConversationKey);
        JsonText.Hash(to, "content_hash", s.ContentHash);
        to.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static RequestSignals Read(JsonElement from) => new()
    {
        Operation = JsonText.ReadWord<Operation>(from, "operation") ?? Operation.Chat,
        Intent = Intents.TryParse(from.GetProperty("intent").GetString()!, out var intent) ? intent : throw new FormatException("'intent' is none that is known."),
        Group = JsonText.ReadWord<IntentGroup>(from, "group") ?? IntentGroup.Chat,
        Confidence = from.GetProperty("confidence").GetDouble(),
        GroupConfidence = from.GetProperty("group_confidence").GetDouble(),
        Abstained = from.GetProperty("abstained").GetBoolean(),
        Distribution = [.. from.GetProperty("distribution").EnumerateArray().Select(e => e.GetSingle())],
        Script = JsonText.ReadWord<Script>(from, "script") ?? Script.Latin,
        InputTokens = from.GetProperty("input_tokens").GetInt32(),
        MediaTokens = JsonText.Get(from, "media_tokens")?.GetInt32() ?? 0,
        ExpectedOutputTokens = from.GetProperty("expected_output_tokens").GetInt32(),
        ExpectedReasoningTokens = JsonText.Get(from, "expected_reasoning_tokens")?.GetInt32() ?? 0,
        MaxOutputTokens = JsonText.Get(from, "max_output_tokens")?.GetInt32(),
        Choices = JsonText.Get(from, "choices")?.GetInt32() ?? 1,
        Stream = JsonText.Get(from, "stream")?.GetBoolean() ?? false,
        Media = (MediaKind)(JsonText.Get(from, "media")?.GetInt32() ?? 0),
        ToolCount = JsonText.Get(from, "tools")?.GetInt32() ?? 0,
        ToolsUsed = JsonText.Get(from, "tools_used")?.GetBoolean() ?? false,
        ToolChoice = JsonText.ReadWord<ToolChoiceMode>(from, "tool_choice"),
        ToolLoop = JsonText.Get(from, "tool_loop")?.GetBoolean() ?? false,
        Repeated = JsonText.Get(from, "repeated")?.GetBoolean() ?? false,
        Stalled = JsonText.Get(from, "stalled")?.GetInt32() ?? 0,
        ResponseFormat = JsonText.ReadWord<ResponseFormatKind>(from, "response_format") ?? ResponseFormatKind.Text,
        ReasoningEffort = JsonText.ReadWord<ReasoningEffort>(from, "reasoning_effort"),
        ServiceTier = JsonText.Get(from, "service_tier")?.GetString(),
        InferenceGeo = JsonText.Get(from, "inference_geo")?.GetString(),
        MessageCount = from.GetProperty("messages").GetInt32(),
        Prefill = JsonText.Get(from, "prefill")?.GetBoolean() ?? false,
        CacheableTokens = JsonText.Get(from, "cacheable_tokens")?.GetInt32() ?? 0,
        Difficulty = from.GetProperty("difficulty").GetDouble(),
        ConversationKey = JsonText.ReadHash(from, "conversation_key"),
        ContentHash = JsonText.ReadHash(from, "content_hash"),
    };

    private static void Some(Utf8JsonWriter to, string name, int? value, int? none)
    {
        if (value != none)
        {
            to.WriteNumber(name, value.GetValueOrDefault());
        }
    }

    private static void Some(Utf8JsonWriter to, string name, string? value)
    {
        if (value is not null)
        {
            to.WriteString(name, value);
        }
    }

    private static void Some(Utf8JsonWriter to, string name, bool value)
    {
        if (value)
        {
            to.WriteBoolean(name, value);
        }
    }
}
