using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads a whole request into our own words.</summary>
internal static class RequestReader
{
    private static readonly string[] Known =
    [
        "model", "messages", "stream", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k",
        "frequency_penalty", "presence_penalty", "seed", "stop", "n", "logprobs", "top_logprobs", "logit_bias", "tools",
        "functions", "tool_choice", "function_call", "parallel_tool_calls", "user", "sommelier",
    ];

    /// <inheritdoc cref="IRequestWire.Read"/>
    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonBody.Parse(body);
        var fields = new JsonFields(document.RootElement, "");
        var model = fields.RequiredText("model", "a model name, e.g. \"auto\"");
        var (system, messages) = MessageReader.ReadAll(fields);
        return new ChatRequest
        {
            OriginalModel = model,
            Format = OpenAIChatFormat.FormatName,
            SystemInstructions = system,
            Messages = messages,
            MaxOutputTokens = fields.Int("max_completion_tokens") ?? fields.Int("max_tokens"),
            Stream = fields.Bool("stream") ?? false,
            StreamUsage = fields.Object("stream_options")?.Bool("include_usage") ?? false,
            Sampling = ReadSampling(fields),
            Tools = ToolReader.ReadAll(fields),
            ToolChoice = ToolReader.ReadChoice(fields),
            ParallelToolCalls = fields.Bool("parallel_tool_calls"),
            ResponseFormat = ReadForm(fields),
            Reasoning = ReasoningReader.Read(fields),
            EndUser = fields.Text("user"),
            Extra = ReadExtra(fields),
        };
    }

    private static Sampling ReadSampling(JsonFields fields) => new()
    {
        Temperature = fields.Number("temperature"),
        TopP = fields.Number("top_p"),
        TopK = fields.Int("top_k"),
        FrequencyPenalty = fields.Number("frequency_penalty"),
        PresencePenalty = fields.Number("presence_penalty"),
        Seed = fields.Long("seed"),
        Stop = ReadStop(fields),
        Choices = fields.Int("n"),
        LogProbs = fields.Bool("logprobs"),
        TopLogProbs = fields.Int("top_logprobs"),
        LogitBias = fields.Object("logit_bias") is { } bias ? bias.Element.GetRawText() : null,
    };

    private static List<string> ReadStop(JsonFields fields)
    {
        if (!fields.TryGet("stop", out var stop))
        {
            return [];
        }

        if (stop.ValueKind == JsonValueKind.String)
        {
            return [JsonFields.Text(stop, "stop")];
        }

        if (stop.ValueKind != JsonValueKind.Array)
        {
            throw FieldError.WrongType("stop", "a string or a list of strings", stop.ValueKind);
        }

        var texts = new List<string>(stop.GetArrayLength());
        foreach (var text in stop.EnumerateArray())
        {
            texts.Add(JsonFields.Text(text, $"stop[{texts.Count}]"));
        }

        return texts;
    }

    private static ResponseFormat? ReadForm(JsonFields fields)
    {
        if (fields.Object("response_format") is not { } form)
        {
            return null;
        }

        switch (form.RequiredText("type", "one of: text, json_object, json_schema"))
        {
            case "text":
                return new ResponseFormat(ResponseFormatKind.Text);
            case "json_object" when form.Object("schema") is { } wanted:
                // Together's and llama.cpp's older way to say it.
                return new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: wanted.Element.GetRawText());
            case "json_object":
                return new ResponseFormat(ResponseFormatKind.JsonObject);
            case "json_schema":
                var schema = form.Object("json_schema") ?? throw FieldError.Missing("response_format.json_schema", "an object with name and schema");
                return new ResponseFormat(
                    ResponseFormatKind.JsonSchema, schema.Text("name"), schema.Object("schema")?.Element.GetRawText() ?? "{}",
                    schema.Bool("strict"), schema.Text("description"));
            default:
                // A vendor's own form (a grammar) is carried as it is.
                return null;
        }
    }

    private static Extra? ReadExtra(JsonFields fields)
    {
        List<KeyValuePair<string, string>>? extra = null;
        List<KeyValuePair<string, string>>? marks = null;
        foreach (var property in fields.Element.EnumerateObject())
        {
            if (property.IsAmong(Known))
            {
                continue;
            }

            var value = property.Value;
            var keep = property.Name switch
            {
                "stream_options" => value.ValueKind == JsonValueKind.Object && HasMoreThan(value, "include_usage"),
                "response_format" => value.ValueKind == JsonValueKind.Object
                    && value.GetProperty("type").GetString() is not ("text" or "json_object" or "json_schema"),
                "reasoning_effort" => value.ValueKind == JsonValueKind.String && OpenAIWords.Effort(value.GetString()) is null,
                "reasoning" => false,
                _ => value.ValueKind != JsonValueKind.Null,
            };
            if (keep)
            {
                var json = value.GetRawText();
                (UsualValues.Holds(property.Name, Encoding.UTF8.GetBytes(json)) ? marks ??= [] : extra ??= []).Add(new(property.Name, json));
            }
            else if (property.NameEquals("response_format"))
            {
                FormExtras.Collect(value, FormExtras.Chat, ["type", "json_schema", "schema"], ref extra);
                if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("json_schema", out var schema))
                {
                    FormExtras.Collect(schema, FormExtras.ChatSchema, ["name", "schema", "strict", "description"], ref extra);
                }
            }
        }

        ToolChoiceExtras.Collect(fields, ref extra);
        return extra is null && marks is null ? null : new Extra(OpenAIChatFormat.FormatName, extra ?? []) { Marks = marks ?? [] };
    }

    private static bool HasMoreThan(JsonElement value, string name)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (!property.NameEquals(name))
            {
                return true;
            }
        }

        return false;
    }
}
