using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>What Google's requests for vectors ask for, one or many of them.</summary>
internal static class GeminiEmbedInputs
{
    private static readonly string[] Known =
    [
        "model", "content", "taskType", "task_type", "title", "outputDimensionality", "output_dimensionality", "requests", "user", CallerHintsReader.Member,
    ];

    /// <summary>Scans the requests of a batch.</summary>
    public static void ScanAll(ref Utf8JsonReader reader, ref InputScan inputs)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType("requests", "a list of objects, each with 'content'", reader.TokenType);
        }

        for (var at = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; at++)
        {
            var path = $"requests[{at}]";
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FieldError.WrongType(path, "an object with 'content'", reader.TokenType);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("content"u8))
                {
                    reader.Read();
                    Scan(ref reader, $"{path}.content", ref inputs);
                    continue;
                }

                var isModel = reader.ValueTextEquals("model"u8);
                reader.Read();
                if (isModel && reader.TokenType != JsonTokenType.Null)
                {
                    CheckModel(ref reader, $"{path}.model", inputs.Model);
                }

                reader.Skip();
            }

            if (inputs.Count != at + 1)
            {
                throw inputs.Count <= at ? FieldError.Missing($"{path}.content", "an object with 'parts'") : FieldError.Duplicate($"{path}.content");
            }
        }
    }

    // One call goes to one model: another one's vectors must not come under this one's name.
    private static void CheckModel(ref Utf8JsonReader reader, string path, string? model)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw FieldError.WrongType(path, "a string", reader.TokenType);
        }

        if (model is not null && !reader.ValueTextEquals(model) && !string.Equals(BareName(JsonText.Tolerant(ref reader)), BareName(model), StringComparison.Ordinal))
        {
            throw WireException.Invalid(path, $"'{path}' is another model than '{model}', which the path names. Send the texts of each model in a batch of their own.");
        }
    }

    private static string BareName(string name) => name.LastIndexOf("models/", StringComparison.Ordinal) is >= 0 and var at ? name[(at + "models/".Length)..] : name;

    /// <summary>Scans one content.</summary>
    public static void Scan(ref Utf8JsonReader reader, string path, ref InputScan inputs)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType(path, "an object with 'parts'", reader.TokenType);
        }

        inputs.Begin(path);
        var parts = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isParts = reader.ValueTextEquals("parts"u8);
            reader.Read();
            if (!isParts)
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw FieldError.WrongType($"{path}.parts", "a list of parts", reader.TokenType);
            }

            for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; parts++)
            {
                Part(ref reader, $"{path}.parts[{parts}]", ref inputs);
            }
        }

        if (parts == 0)
        {
            throw FieldError.Missing($"{path}.parts", "a list with at least one part, e.g. { \"text\": \"…\" }");
        }
    }

    /// <summary>Reads a request of one content.</summary>
    public static EmbeddingAsk Read(JsonFields fields)
    {
        var content = fields.Object("content") ?? throw FieldError.Missing(fields.At("content"), "an object with 'parts'");
        var texts = new List<string>();
        foreach (var part in content.List("parts")?.EnumerateArray() ?? default)
        {
            var path = $"{content.At("parts")}[{texts.Count}]";
            texts.Add(JsonFields.Of(part, path).Text("text")
                ?? throw WireException.Invalid(path, $"'{path}' is no text, and no other maker's model embeds anything else in this format. Send text, or name a Gemini model."));
        }

        return new EmbeddingAsk
        {
            Inputs = [string.Join('\n', texts)],
            Joined = texts.Count > 1,
            TaskType = fields.Text("taskType") ?? fields.Text("task_type"),
            Title = fields.Text("title"),
            Dimensions = fields.Int("outputDimensionality") ?? fields.Int("output_dimensionality"),
        };
    }

    /// <summary>Reads a batch: what is asked beside the contents must be the same for all of them.</summary>
    public static EmbeddingAsk ReadAll(JsonFields fields)
    {
        EmbeddingAsk? first = null;
        var joined = false;
        var texts = new List<string>();
        foreach (var request in fields.List("requests")?.EnumerateArray() ?? default)
        {
            var path = $"requests[{texts.Count}]";
            var one = Read(JsonFields.Of(request, path));
            texts.Add(one.Inputs[0]);
            first ??= one;
            joined |= one.Joined;
            if (one with { Inputs = first.Inputs, Joined = first.Joined } != first)
            {
                throw WireException.Invalid(path, $"'{path}' differs from the first request in taskType, title or outputDimensionality. Ask for those in a request of their own, or name a Gemini model.");
            }
        }

        return first! with { Inputs = texts, Joined = joined };
    }

    /// <summary>Fields that are not read, of the request and of those inside it; null when there are none.</summary>
    public static Extra? Unknown(JsonFields fields, string format)
    {
        var unknown = new List<KeyValuePair<string, string>>(fields.Unknown(format, Known)?.Fields ?? []);
        foreach (var request in fields.List("requests")?.EnumerateArray() ?? default)
        {
            unknown.AddRange(Extras.Collect(request, format, Known)?.Fields ?? []);
        }

        return unknown.Count == 0 ? null : new Extra(format, [.. unknown.DistinctBy(static field => field.Key, StringComparer.Ordinal)]);
    }

    private static void Part(ref Utf8JsonReader reader, string path, ref InputScan inputs)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType(path, "an object, e.g. { \"text\": \"…\" }", reader.TokenType);
        }

        var isText = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var text = reader.ValueTextEquals("text"u8);
            reader.Read();
            if (text)
            {
                isText = true;
                inputs.AddText(ref reader, $"{path}.text");
            }

            reader.Skip();
        }

        inputs.Media += isText ? 0 : 1;
    }
}
