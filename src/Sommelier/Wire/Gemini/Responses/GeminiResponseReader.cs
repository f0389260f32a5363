using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads whole answers.</summary>
internal static class GeminiResponseReader
{
    private const string Format = GeminiFormat.FormatName;

    private static readonly string[] Known = ["candidates", "usageMetadata", "modelVersion", "responseId", "createTime"];
    private static readonly string[] KnownOfCandidate = ["content", "finishReason", "index"];

    /// <summary>Reads an answer.</summary>
    /// <exception cref="UpstreamException">It is an error in disguise, empty, or not of the format.</exception>
    public static ChatResponse Read(ReadOnlySpan<byte> body)
    {
        using var document = Parse(body);
        var root = document.RootElement;
        try
        {
            var id = Text(root, "responseId");
            var choices = Candidates(root, id);
            var first = choices.Count > 0 ? choices[0] : Blocked(root) ?? throw Empty(Usage(root));
            return first with
            {
                Id = id,
                ResponseModel = Text(root, "modelVersion"),
                Created = Text(root, "createTime") is { } time && DateTimeOffset.TryParse(time, System.Globalization.CultureInfo.InvariantCulture, out var at) ? at : null,
                MoreChoices = choices.Count > 1 ? [.. choices.Skip(1)] : [],
                Usage = Usage(root),
                Extra = Extras.Join(Extras.Collect(root, Format, Known), first.Extra),
            };
        }
        catch (WireException wrong)
        {
            throw UpstreamException.Protocol(wrong.Message);
        }
    }

    /// <summary>Reads off an answer that is passed on as it is.</summary>
    public static AnswerFacts Scan(ReadOnlySpan<byte> body)
    {
        var scan = new GeminiChunkScan();
        try
        {
            scan.Read(body);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("The answer is not valid JSON.");
        }

        if (scan.IsError)
        {
            throw new UpstreamException(GeminiErrorReader.InStream(body));
        }

        var facts = new AnswerFacts();
        scan.Note(facts, body);
        facts.FinishReason ??= scan.HasBlock ? new(FinishReasonKind.ContentFilter) : null;
        return scan.HasContent || facts.FinishReason is not null ? facts : throw Empty(facts.Usage);
    }

    /// <summary>Parses an answer and throws if it is an error.</summary>
    public static JsonDocument Parse(ReadOnlySpan<byte> body)
    {
        JsonDocument? document = null;
        try
        {
            var reader = new Utf8JsonReader(body, JsonLimits.Reader);
            document = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol(body.IndexOfAnyExcept(" \r\n\t"u8) < 0 ? "The answer is empty." : "The answer is not valid JSON.");
        }

        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("error", out _))
        {
            return document;
        }

        var isError = root.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        document.Dispose();
        throw isError
            ? new UpstreamException(GeminiErrorReader.InStream(body))
            : UpstreamException.Protocol("The answer is not a JSON object.");
    }

    /// <summary>The ids that calls get which have none: unique among answers.</summary>
    public static Func<string, string> Ids(string? answerId)
    {
        var made = 0;
        return name => name.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end
            ? name[..end]
            : OpenAIChat.ToolCallIds.MakeUp(answerId, made++);
    }

    /// <summary>What stands for an answer that was refused before it began; null when nothing was.</summary>
    public static ChatResponse? Blocked(JsonElement root)
    {
        if (!root.TryGetProperty("promptFeedback", out var feedback) || feedback.ValueKind != JsonValueKind.Object || Text(feedback, "blockReason") is not { } reason)
        {
            return null;
        }

        return new ChatResponse { Parts = [], FinishReason = new(FinishReasonKind.ContentFilter, reason) };
    }

    /// <summary>A member's text; null when it is none.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<ChatResponse> Candidates(JsonElement root, string? id)
    {
        var choices = new List<ChatResponse>();
        if (!root.TryGetProperty("candidates", out var candidates) || candidates.ValueKind != JsonValueKind.Array)
        {
            return choices;
        }

        var ids = Ids(id);
        foreach (var item in candidates.EnumerateArray())
        {
            var candidate = JsonFields.Of(item, $"candidates[{choices.Count}]");
            var parts = new List<ContentPart>();
            var origins = new List<int>();
            if (candidate.Object("content") is { } content && content.List("parts") is { } list)
            {
                var index = 0;
                foreach (var part in list.EnumerateArray())
                {
                    GeminiPartReader.Read(JsonFields.Item(part, content, "parts", index), parts, ids, out _);
                    origins.AddRange(Enumerable.Repeat(index++, parts.Count - origins.Count));
                }
            }

            Cite(item, parts, origins);
            var finish = GeminiFinish.Read(candidate.Text("finishReason"), parts.Exists(static part => part is ToolCallPart));
            var extra = candidate.Unknown(Format, KnownOfCandidate);
            choices.Add(new ChatResponse { Parts = parts, FinishReason = finish, Extra = extra is null ? null : new Extra(Format, [.. extra.Fields.Select(field => KeyValuePair.Create($"candidate.{field.Key}", field.Value))]) });
        }

        return choices;
    }

    private static void Cite(JsonElement candidate, List<ContentPart> parts, List<int> origins)
    {
        if (!candidate.TryGetProperty(GeminiGrounding.Name, out var grounding))
        {
            return;
        }

        var places = Enumerable.Range(0, parts.Count).Where(i => parts[i] is TextPart).ToArray();
        var cited = GeminiGrounding.Read(grounding, [.. places.Select(i => (origins[i], ((TextPart)parts[i]).Text))]);
        foreach (var group in cited.GroupBy(static each => each.Text, static each => each.Citation).ToArray())
        {
            parts[places[group.Key]] = (TextPart)parts[places[group.Key]] with { Citations = [.. group] };
        }
    }

    private static Usage? Usage(JsonElement root)
    {
        if (!root.TryGetProperty("usageMetadata", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var reader = new Utf8JsonReader(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(usage), JsonLimits.Reader);
        reader.Read();
        var counts = default(GeminiUsage);
        counts.Read(ref reader);
        foreach (var candidate in root.TryGetProperty("candidates", out var all) && all.ValueKind == JsonValueKind.Array ? all.EnumerateArray() : default)
        {
            if (candidate.ValueKind == JsonValueKind.Object && candidate.TryGetProperty(GeminiGrounding.Name, out var grounding))
            {
                reader = new Utf8JsonReader(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(grounding), JsonLimits.Reader);
                reader.Read();
                counts.AddSearches(ref reader);
            }
        }

        return counts.Reported ? counts.Value : null;
    }

    private static UpstreamException Empty(Usage? usage) => new(new(UpstreamFailureKind.EmptyAnswer, "The answer has no candidates.")) { Usage = usage };
}
