using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What an outline needs of a request's smaller fields, with their types checked.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct AnthropicKnobs
{
    private ReasoningEffort? effort;
    private int? budget;
    private string? thinking;

    /// <summary>The freedom to call tools; null when not said.</summary>
    public ToolChoiceMode? ToolChoice { get; private set; }

    /// <summary>Whether the answer must match a schema.</summary>
    public bool WantsJson { get; private set; }

    /// <summary>The end user's id, or null.</summary>
    public string? EndUser { get; private set; }

    /// <summary>Whether the vendor is to keep the conversation, or has its beginning already.</summary>
    public bool Threaded { get; private set; }

    /// <summary>Whether the vendor has the conversation's beginning, which is not sent again.</summary>
    public bool Continues { get; private set; }

    /// <summary>How fast the answer is wanted, as a service tier; null for the usual way.</summary>
    public string? Speed { get; private set; }

    /// <summary>Where the call is to be held to; null for anywhere.</summary>
    public string? InferenceGeo { get; private set; }

    /// <summary>What is asked of the model's thinking; null when nothing is.</summary>
    public readonly ReasoningEffort? Effort(int? maxTokens) => thinking switch
    {
        "disabled" => ReasoningEffort.None,
        "enabled" when effort is null && budget is { } tokens => AnthropicEffort.OfBudget(tokens, maxTokens),
        // The vendor's default effort.
        not null when effort is null => ReasoningEffort.High,
        _ => effort,
    };

    /// <summary>Reads a top-level field at whose value the reader stands, and leaves it at the value's end.</summary>
    public void Read(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "temperature" or "top_p" or "top_k":
                if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.Null))
                {
                    throw AnthropicFault.Wrong(name, "a number", reader.TokenType);
                }

                break;
            case "stop_sequences":
                Stops(ref reader);
                break;
            case "metadata":
                EndUser = Object(name, ref reader, "user_id");
                break;
            case "tool_choice":
                ToolChoice = Object(name, ref reader, "type") switch
                {
                    null => null,
                    "auto" => ToolChoiceMode.Auto,
                    "any" => ToolChoiceMode.Required,
                    "tool" => ToolChoiceMode.Named,
                    "none" => ToolChoiceMode.None,
                    _ => throw AnthropicFault.Wrong("tool_choice.type", "one of 'auto', 'any', 'tool' and 'none'"),
                };
                break;
            case "thread":
                Threaded = reader.TokenType is not JsonTokenType.Null;
                Continues = Object(name, ref reader, "type") is not (null or "create");
                break;
            case "speed":
                Speed = ServiceTiers.Of(ref reader);
                break;
            case "inference_geo":
                InferenceGeo = InferencePlaces.Of(ref reader);
                break;
            case "thinking":
                Thinking(ref reader);
                break;
            case "output_config":
                OutputConfig(ref reader);
                break;
            case "output_format":
                WantsJson |= Object(name, ref reader, "type") is "json_schema";
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void Thinking(ref Utf8JsonReader reader)
    {
        if (!Enter("thinking", ref reader))
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                thinking = Text("thinking.type", ref reader);
            }
            else if (reader.ValueTextEquals("budget_tokens"u8))
            {
                reader.Read();
                budget = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var tokens) && tokens >= 0
                    ? tokens
                    : throw AnthropicFault.Wrong("thinking.budget_tokens", "a whole number of tokens", reader.TokenType);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private void OutputConfig(ref Utf8JsonReader reader)
    {
        if (!Enter("output_config", ref reader))
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("effort"u8))
            {
                var word = Text("output_config.effort", ref reader);
                effort = word is null ? null : AnthropicEffort.Read(word)
                    ?? throw AnthropicFault.Wrong("output_config.effort", "one of 'low', 'medium', 'high', 'xhigh' and 'max'");
            }
            else if (reader.ValueTextEquals("format"u8))
            {
                reader.Read();
                WantsJson |= Object("output_config.format", ref reader, "type") is "json_schema";
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private static void Stops(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw AnthropicFault.Wrong("stop_sequences", "a list of strings", reader.TokenType);
        }

        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw AnthropicFault.Wrong($"stop_sequences.{count}", "a string", reader.TokenType);
            }

            count++;
        }
    }

    // One string out of an object, or null; the rest is skipped.
    private static string? Object(string path, ref Utf8JsonReader reader, string wanted)
    {
        if (!Enter(path, ref reader))
        {
            return null;
        }

        string? found = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(wanted))
            {
                found = Text($"{path}.{wanted}", ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return found;
    }

    private static bool Enter(string path, ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.Null => false,
        _ => throw AnthropicFault.Wrong(path, "an object", reader.TokenType),
    };

    private static string? Text(string path, ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => JsonText.Of(ref reader, path),
            JsonTokenType.Null => null,
            _ => throw AnthropicFault.Wrong(path, "a string", reader.TokenType),
        };
    }
}
