using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads a whole request.</summary>
internal static class ConverseRequestReader
{
    private const string Format = BedrockConverseFormat.FormatName;

    /// <summary>The prefix of unknown fields that stood in <c>inferenceConfig</c>.</summary>
    public const string InferencePrefix = "inferenceConfig.";

    /// <summary>The prefix of fields of <c>additionalModelRequestFields</c> that only the model knows.</summary>
    public const string MorePrefix = "additionalModelRequestFields.";

    /// <summary>The prefix of unknown fields that stood in <c>outputConfig</c>.</summary>
    public const string OutputPrefix = "outputConfig.";

    /// <summary>The prefix of unknown fields that stood in <c>outputConfig.textFormat</c>.</summary>
    public const string FormPrefix = OutputPrefix + "textFormat.";

    /// <summary>The prefix of those in its <c>structure</c>.</summary>
    public const string StructurePrefix = FormPrefix + "structure.";

    /// <summary>The prefix of those in its <c>jsonSchema</c>.</summary>
    public const string SchemaPrefix = StructurePrefix + "jsonSchema.";

    private static readonly string[] Known =
        ["messages", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "outputConfig", "modelId", CallerHintsReader.Member];

    /// <summary>Reads a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="path">Names the model and says whether a stream is wanted.</param>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path)
    {
        using var document = JsonBody.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        var extra = new List<KeyValuePair<string, string>>(root.Unknown(Format, Known)?.Fields ?? []);
        var inference = root.Object("inferenceConfig") ?? Nothing("inferenceConfig");
        var more = root.Object("additionalModelRequestFields") ?? Nothing("additionalModelRequestFields");
        var output = root.Object("outputConfig") ?? Nothing("outputConfig");
        var form = Form(output);
        var reasoning = ConverseReasoning.Read(more, output, out var known);
        Add(inference, InferencePrefix, ["maxTokens", "temperature", "topP", "stopSequences"], extra);
        Add(output, OutputPrefix, form is null ? ["effort"] : ["effort", "textFormat"], extra);
        if (form is not null)
        {
            var text = output.Object("textFormat")!.Value;
            var structure = text.Object("structure")!.Value;
            Add(text, FormPrefix, ["type", "structure"], extra);
            Add(structure, StructurePrefix, ["jsonSchema"], extra);
            Add(structure.Object("jsonSchema")!.Value, SchemaPrefix, ["schema", "name", "description"], extra);
        }

        Add(more, MorePrefix, ["top_k", .. known], extra);
        return new ChatRequest
        {
            OriginalModel = path.Model ?? root.RequiredText("modelId", "the model's id in the path: /model/ID/converse"),
            Format = Format,
            Stream = path.Stream ?? false,
            StreamUsage = path.Stream ?? false,
            SystemInstructions = System(root),
            Messages = ConverseMessageReader.Read(root),
            Tools = ConverseToolReader.Tools(root, extra),
            ToolChoice = ConverseToolReader.Choice(root),
            MaxOutputTokens = Int(inference, "maxTokens"),
            Sampling = new Sampling
            {
                Temperature = Number(inference, "temperature"),
                TopP = Number(inference, "topP"),
                TopK = Int(more, "top_k"),
                Stop = inference.Element.ValueKind == JsonValueKind.Object && inference.List("stopSequences") is { } stop
                    ? [.. stop.EnumerateArray().Select(item => JsonFields.Text(item, inference.At("stopSequences")))]
                    : [],
            },
            ResponseFormat = form,
            Reasoning = reasoning,
            Extra = extra.Count == 0 ? null : new Extra(Format, extra),
        };
    }

    private static JsonFields Nothing(string path) => new(default, path);

    private static int? Int(JsonFields fields, string name) => fields.Element.ValueKind == JsonValueKind.Object ? fields.Int(name) : null;

    private static double? Number(JsonFields fields, string name) => fields.Element.ValueKind == JsonValueKind.Object ? fields.Number(name) : null;

    private static void Add(JsonFields fields, string prefix, ReadOnlySpan<string> known, List<KeyValuePair<string, string>> extra)
    {
        if (fields.Element.ValueKind == JsonValueKind.Object && fields.Unknown(Format, known) is { } unknown)
        {
            extra.AddRange(unknown.Fields.Select(field => KeyValuePair.Create(prefix + field.Key, field.Value)));
        }
    }

    private static List<ContentPart> System(JsonFields root)
    {
        var parts = new List<ContentPart>();
        foreach (var item in root.List("system")?.EnumerateArray() ?? default)
        {
            ConverseBlockReader.Read(JsonFields.Of(item, $"system[{parts.Count}]"), parts, out _);
        }

        return parts;
    }

    private static ResponseFormat? Form(JsonFields output)
    {
        if (output.Element.ValueKind != JsonValueKind.Object || output.Object("textFormat") is not { } format
            || format.Object("structure")?.Object("jsonSchema") is not { } schema)
        {
            return null;
        }

        return new ResponseFormat(ResponseFormatKind.JsonSchema, schema.Text("name"), Schema(schema), Description: schema.Text("description"));
    }

    // A schema as text is JSON inside JSON: what other formats splice in must be whole.
    private static string Schema(JsonFields owner)
    {
        var text = owner.RequiredText("schema", "a JSON Schema as a string");
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object ? text : throw new JsonException();
        }
        catch (JsonException)
        {
            throw FieldError.OutOfRange(owner.At("schema"), "a JSON Schema as a string");
        }
    }
}
