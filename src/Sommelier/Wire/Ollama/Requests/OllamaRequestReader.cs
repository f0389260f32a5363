using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Ollama;

/// <summary>Reads a whole request.</summary>
internal static class OllamaRequestReader
{
    /// <summary>The prefix of unknown fields that stood in <c>options</c>.</summary>
    public const string OptionsPrefix = "options.";

    private static readonly string[] Known = ["model", "stream", "tools", "format", "think", "options", "logprobs", "top_logprobs", CallerHintsReader.Member];
    private static readonly string[] OfChat = [.. Known, "messages"];
    private static readonly string[] OfGenerate = [.. Known, "prompt", "system", "images"];
    private static readonly string[] KnownOptions =
        ["temperature", "top_p", "top_k", "num_predict", "stop", "seed", "presence_penalty", "frequency_penalty"];

    /// <summary>Reads a request.</summary>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, OllamaShape shape)
    {
        using var document = JsonBody.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        var options = root.Object("options") ?? new JsonFields(default, "options");
        var has = options.Element.ValueKind == JsonValueKind.Object;
        var stream = root.Bool("stream") ?? true;
        var system = new List<ContentPart>();
        var messages = shape == OllamaShape.Chat ? OllamaMessageReader.Chat(root, system, shape) : OllamaMessageReader.Prompt(root, system);
        return new ChatRequest
        {
            OriginalModel = OllamaModel.Name(root.RequiredText("model", "a model's name, or 'auto'")),
            Format = shape.Format(),
            Stream = stream,
            StreamUsage = stream,
            SystemInstructions = system,
            Messages = messages,
            Tools = OpenAITools(root, shape),
            MaxOutputTokens = has && options.Int("num_predict") is >= 0 and var limit ? limit : null,
            Sampling = new Sampling
            {
                Temperature = has ? options.Number("temperature") : null,
                TopP = has ? options.Number("top_p") : null,
                TopK = has ? options.Int("top_k") : null,
                Seed = has ? options.Long("seed") : null,
                PresencePenalty = has ? options.Number("presence_penalty") : null,
                FrequencyPenalty = has ? options.Number("frequency_penalty") : null,
                Stop = has ? Stop(options) : [],
                LogProbs = root.Bool("logprobs"),
                TopLogProbs = root.Int("top_logprobs"),
            },
            ResponseFormat = Form(root),
            Reasoning = Think(root),
            Extra = Rest(root, options, has, shape),
        };
    }

    private static List<string> Stop(JsonFields options)
    {
        if (!options.TryGet("stop", out var stop))
        {
            return [];
        }

        return stop.ValueKind == JsonValueKind.String
            ? [JsonFields.Text(stop, options.At("stop"))]
            : [.. options.List("stop")!.Value.EnumerateArray().Select(item => JsonFields.Text(item, options.At("stop")))];
    }

    private static ResponseFormat? Form(JsonFields root)
    {
        if (!root.TryGet("format", out var form))
        {
            return null;
        }

        return form.ValueKind switch
        {
            JsonValueKind.Object => new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: form.GetRawText()),
            JsonValueKind.String => JsonFields.Text(form, "format") switch
            {
                "" => null,
                "json" => new ResponseFormat(ResponseFormatKind.JsonObject),
                var word => throw FieldError.Unknown("format", word, "json, or a JSON Schema as an object"),
            },
            _ => throw FieldError.WrongType("format", "'json' or a JSON Schema as an object", form.ValueKind),
        };
    }

    private static Reasoning? Think(JsonFields root)
    {
        if (!root.TryGet("think", out var think))
        {
            return null;
        }

        return think.ValueKind switch
        {
            JsonValueKind.True => new Reasoning(OllamaThink.On),
            JsonValueKind.False => new Reasoning(ReasoningEffort.None),
            JsonValueKind.String => new Reasoning(OllamaThink.Read(JsonFields.Text(think, "think")) ?? throw FieldError.Unknown("think", think.GetString(), "true, false, low, medium, high, max")),
            _ => throw FieldError.WrongType("think", "true, false or a level", think.ValueKind),
        };
    }

    // Tools have OpenAI's shape; what we do not know of them is ours to keep.
    private static List<ToolDefinition> OpenAITools(JsonFields root, OllamaShape shape)
    {
        var tools = new List<ToolDefinition>();
        foreach (var tool in ToolReader.ReadAll(root))
        {
            tools.Add(tool with
            {
                Extra = tool.Extra is { } extra ? new Extra(shape.Format(), extra.Fields) : null,
                Opaque = tool.Opaque is { } opaque ? new OpaquePart(shape.Format(), opaque.Type, opaque.Json) : null,
            });
        }

        return tools;
    }

    private static Extra? Rest(JsonFields root, JsonFields options, bool has, OllamaShape shape)
    {
        var fields = new List<KeyValuePair<string, string>>(root.Unknown(shape.Format(), shape == OllamaShape.Chat ? OfChat : OfGenerate)?.Fields ?? []);
        if (has && options.Unknown(shape.Format(), KnownOptions) is { } unknown)
        {
            fields.AddRange(unknown.Fields.Select(static field => KeyValuePair.Create(OptionsPrefix + field.Key, field.Value)));
        }

        if (has && options.Int("num_predict") is < 0)
        {
            // -1 and -2 mean "without end" and "fill the window", which is what no limit means elsewhere.
            fields.Add(new($"{OptionsPrefix}num_predict", options.Raw("num_predict")!));
        }

        return fields.Count == 0 ? null : new Extra(shape.Format(), fields);
    }
}
