using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Scans <c>generationConfig</c> for what an outline tells. What is wrong in it, its reader says.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct GeminiSettingsScan
{
    private bool json;
    private bool schema;

    /// <summary>Begins with nothing said.</summary>
    public GeminiSettingsScan()
    {
    }

    /// <summary>The output limit, or null.</summary>
    public int? MaxOutputTokens { get; private set; }

    /// <summary>How many answers are asked for.</summary>
    public int Choices => choices > 0 ? choices : 1;

    private int choices;

    /// <summary>What is asked of the model's thinking; null when not said.</summary>
    public ReasoningEffort? Effort { get; private set; }

    /// <summary>The form of the answer.</summary>
    public readonly ResponseFormatKind ResponseFormat => schema ? ResponseFormatKind.JsonSchema : json ? ResponseFormatKind.JsonObject : ResponseFormatKind.Text;

    /// <summary>Reads the member's value.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "maxOutputTokens"u8, "max_output_tokens"u8))
            {
                reader.Read();
                MaxOutputTokens = Number(ref reader) switch { < 0 => throw FieldError.OutOfRange("generationConfig.maxOutputTokens", "a whole number from 1 on"), var limit => limit };
            }
            else if (Is(ref reader, "candidateCount"u8, "candidate_count"u8))
            {
                reader.Read();
                choices = Number(ref reader) ?? 1;
            }
            else if (Is(ref reader, "responseMimeType"u8, "response_mime_type"u8))
            {
                reader.Read();
                json = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("application/json"u8);
            }
            else if (Is(ref reader, "responseSchema"u8, "response_schema"u8) || Is(ref reader, "responseJsonSchema"u8, "response_json_schema"u8))
            {
                reader.Read();
                schema |= reader.TokenType == JsonTokenType.StartObject;
            }
            else if (Is(ref reader, "thinkingConfig"u8, "thinking_config"u8))
            {
                reader.Read();
                Thinking(ref reader);
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }
    }

    private void Thinking(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLevel = Is(ref reader, "thinkingLevel"u8, "thinking_level"u8);
            var isBudget = Is(ref reader, "thinkingBudget"u8, "thinking_budget"u8);
            reader.Read();
            if (isLevel && reader.TokenType == JsonTokenType.String)
            {
                Effort = reader.ValueTextEquals("MINIMAL"u8) ? ReasoningEffort.Minimal
                    : reader.ValueTextEquals("LOW"u8) ? ReasoningEffort.Low
                    : reader.ValueTextEquals("MEDIUM"u8) ? ReasoningEffort.Medium
                    : reader.ValueTextEquals("HIGH"u8) ? ReasoningEffort.High
                    : Effort;
            }
            else if (isBudget && Number(ref reader) is { } budget)
            {
                Effort = budget == 0 ? ReasoningEffort.None : budget < 0 ? Effort : GeminiThinking.Effort(budget);
            }

            reader.Skip();
        }
    }

    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake) =>
        reader.ValueTextEquals(camel) || reader.ValueTextEquals(snake);

    private static int? Number(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : null;
}
