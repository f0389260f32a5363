using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads a whole request into our own words.</summary>
internal static class ResponsesRequestReader
{
    /// <summary>Reads a request.</summary>
    /// <param name="body">The request.</param>
    /// <param name="plainTools">Whether namespaces and tools that items add, which only this format knows, become tools of the request; else they stay as they came.</param>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, bool plainTools)
    {
        using var document = JsonBody.Parse(body);
        var fields = new JsonFields(document.RootElement, "");
        var model = fields.RequiredText("model", "a model name, e.g. \"auto\"");
        var (system, messages) = ResponsesInputReader.Read(fields, plainTools);
        var stream = fields.Bool("stream") ?? false;
        var tools = plainTools ? ResponsesPlainTools.ReadAll(fields) : ResponsesToolReader.ReadAll(fields);
        var choice = ResponsesToolReader.ReadChoice(fields);
        return new ChatRequest
        {
            OriginalModel = model,
            Format = OpenAIResponsesFormat.FormatName,
            SystemInstructions = system,
            Messages = messages,
            MaxOutputTokens = fields.Int("max_output_tokens"),
            Stream = stream,
            StreamUsage = stream,
            Sampling = ReadSampling(fields),
            Tools = tools,
            ToolChoice = ResponsesPlainTools.Choose(choice, tools),
            ParallelToolCalls = fields.Bool("parallel_tool_calls"),
            ResponseFormat = ReadForm(fields),
            Reasoning = ReadReasoning(fields),
            EndUser = fields.Text("user"),
            Extra = ResponsesExtraFields.Collect(fields),
        };
    }

    private static Sampling ReadSampling(JsonFields fields)
    {
        var most = fields.Int("top_logprobs") is > 0 and var asked ? asked : (int?)null;
        return new()
        {
            Temperature = fields.Number("temperature"),
            TopP = fields.Number("top_p"),
            LogProbs = most is not null || Includes(fields, ResponsesWords.LogProbs) ? true : null,
            TopLogProbs = most,
        };
    }

    private static bool Includes(JsonFields fields, string what) => fields.TryGet("include", out var list) && list.ValueKind == JsonValueKind.Array
        && list.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(what));

    private static ResponseFormat? ReadForm(JsonFields fields)
    {
        if (fields.Object("text")?.Object("format") is not { } form)
        {
            return null;
        }

        return form.RequiredText("type", "one of: text, json_object, json_schema") switch
        {
            "text" => new ResponseFormat(ResponseFormatKind.Text),
            "json_object" => new ResponseFormat(ResponseFormatKind.JsonObject),
            "json_schema" => new ResponseFormat(
                ResponseFormatKind.JsonSchema, form.Text("name"), form.Object("schema")?.Element.GetRawText() ?? "{}",
                form.Bool("strict"), form.Text("description")),

            // A vendor's own form (a grammar) is carried as it is.
            _ => null,
        };
    }

    private static Reasoning? ReadReasoning(JsonFields fields)
    {
        if (fields.Object("reasoning") is not { } reasoning)
        {
            return null;
        }

        var effort = OpenAIWords.Effort(reasoning.Text("effort"));
        List<KeyValuePair<string, string>>? extra = null;
        List<KeyValuePair<string, string>>? marks = null;
        foreach (var property in reasoning.Element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null || (property.NameEquals("effort") && effort is not null))
            {
                continue;
            }

            // How much of the thinking is shown: other formats show what they have.
            var isWish = property.Name is "summary" or "generate_summary";
            (isWish ? marks ??= [] : extra ??= []).Add(new(property.Name, property.Value.GetRawText()));
        }

        return effort is null && extra is null && marks is null
            ? null
            : new Reasoning(effort, Extra: extra is null && marks is null ? null : new Extra(OpenAIResponsesFormat.FormatName, extra ?? []) { Marks = marks ?? [] }) { Place = "reasoning" };
    }
}
