using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>A request's signals as JSON, in one key order, and back.</summary>
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
        to.WriteNumber("media_tokens", s.MediaTokens);
        to.WriteNumber("expected_output_tokens", s.ExpectedOutputTokens);
        to.WriteNumber("expected_reasoning_tokens", s.ExpectedReasoningTokens);
        JsonText.Integer(to, "max_output_tokens", s.MaxOutputTokens);
        to.WriteNumber("choices", s.Choices);
        to.WriteBoolean("stream", s.Stream);
        to.WriteNumber("media", (int)s.Media);
        to.WriteNumber("tools", s.ToolCount);
        to.WriteBoolean("tools_used", s.ToolsUsed);
        JsonText.Word(to, "tool_choice", s.ToolChoice);
        to.WriteBoolean("tool_loop", s.ToolLoop);
        JsonText.Word<ResponseFormatKind>(to, "response_format", s.ResponseFormat);
        JsonText.Word(to, "reasoning_effort", s.ReasoningEffort);
        to.WriteNumber("messages", s.MessageCount);
        to.WriteBoolean("prefill", s.Prefill);
        to.WriteNumber("cacheable_tokens", s.CacheableTokens);
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
        MediaTokens = from.GetProperty("media_tokens").GetInt32(),
        ExpectedOutputTokens = from.GetProperty("expected_output_tokens").GetInt32(),
        ExpectedReasoningTokens = from.GetProperty("expected_reasoning_tokens").GetInt32(),
        MaxOutputTokens = JsonText.Get(from, "max_output_tokens")?.GetInt32(),
        Choices = from.GetProperty("choices").GetInt32(),
        Stream = from.GetProperty("stream").GetBoolean(),
        Media = (MediaKind)from.GetProperty("media").GetInt32(),
        ToolCount = from.GetProperty("tools").GetInt32(),
        ToolsUsed = from.GetProperty("tools_used").GetBoolean(),
        ToolChoice = JsonText.ReadWord<ToolChoiceMode>(from, "tool_choice"),
        ToolLoop = from.GetProperty("tool_loop").GetBoolean(),
        ResponseFormat = JsonText.ReadWord<ResponseFormatKind>(from, "response_format") ?? ResponseFormatKind.Text,
        ReasoningEffort = JsonText.ReadWord<ReasoningEffort>(from, "reasoning_effort"),
        MessageCount = from.GetProperty("messages").GetInt32(),
        Prefill = from.GetProperty("prefill").GetBoolean(),
        CacheableTokens = from.GetProperty("cacheable_tokens").GetInt32(),
        Difficulty = from.GetProperty("difficulty").GetDouble(),
        ConversationKey = JsonText.ReadHash(from, "conversation_key"),
        ContentHash = JsonText.ReadHash(from, "content_hash"),
    };
}
