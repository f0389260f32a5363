using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads a whole answer into our own words.</summary>
internal static class ResponsesAnswerReader
{
    // Words about the serving, and those that only repeat the request.
    private static readonly string[] Known =
    [
        "id", "object", "created_at", "completed_at", "model", "status", "output", "output_text", "usage", "error", "incomplete_details",
        .. ResponsesEcho.Fields, "store", "billing", "frequency_penalty", "presence_penalty", "moderation", "tool_usage", "access_programs",
        "content_filters", "content_filter_results", "prompt_cache_options", "prompt_cache_retention", "conversation", "obfuscation", "system_fingerprint",
    ];

    /// <inheritdoc cref="IResponseWire.Read"/>
    public static ChatResponse Read(ReadOnlySpan<byte> body, in ResponsesAnswerScan scan)
    {
        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            var answer = new JsonFields(document.RootElement, "");
            var extra = answer.Unknown(OpenAIResponsesFormat.FormatName, Known);
            return new ChatResponse
            {
                Id = answer.Text("id") is { Length: > 0 } id ? id : null,
                ResponseModel = answer.Text("model") is { Length: > 0 } model ? model : null,
                Created = answer.Number("created_at") is > 0 and < 253402300800 and var seconds ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null,
                Parts = Parts(answer),
                FinishReason = scan.Finish(calls: false),
                Usage = scan.Usage,
                Extra = extra is null ? null : Said(extra),
            };
        }
        catch (WireException error)
        {
            throw UpstreamException.Protocol($"The answer is not a response: {error.Message}");
        }
    }

    /// <summary>The output of an answer, in order; thinking of which nothing is shown or sealed is left out.</summary>
    public static List<ContentPart> Parts(JsonFields answer)
    {
        var parts = new List<ContentPart>();
        var index = 0;
        foreach (var element in answer.List("output")?.EnumerateArray() ?? default)
        {
            Add(JsonFields.Of(element, $"output[{index++}]"), parts);
        }

        return parts;
    }

    /// <summary>Adds the parts of one item.</summary>
    public static void Add(JsonFields item, List<ContentPart> parts)
    {
        var type = item.RequiredText("type", "the kind of item");
        if (type is not "message")
        {
            var part = ResponsesItemReader.Read(item, type);
            if (part is not ReasoningPart { Text: "", Redacted: null })
            {
                parts.Add(part);
            }

            return;
        }

        if (item.TryGet("content", out _))
        {
            parts.AddRange(ResponsesItemReader.OfMessage([.. ResponsesPartReader.ReadAll(item, "content").Select(Cited)], item));
        }
    }

    // Annotations of pages are citations in every dialect; those of files only OpenAI knows.
    private static ContentPart Cited(ContentPart part) =>
        part is TextPart text && Extras.Find(text.Extra, "annotations") is { } annotations && UrlCitations.ReadAll(annotations, OpenAIResponsesFormat.FormatName) is { Count: > 0 } citations
            ? text with { Citations = citations, Extra = Extras.Without(text.Extra, "annotations") }
            : part;

    private static Extra? Said(Extra extra)
    {
        var fields = extra.Fields.Where(static field => field.Value is not ("null" or "[]" or "{}")).ToList();
        return fields.Count == 0 ? null : extra with { Fields = fields };
    }
}
