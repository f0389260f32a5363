using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Gemini;
using Sommelier.Wire.Ollama;
using Sommelier.Wire.OpenAIChat;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Wire;

/// <summary>
/// How likely the model thought each token of its text. Answers hold that in their own format's words; here it is read for
/// writers of another format, in the words that OpenAI's two formats and Ollama share: a JSON list of
/// <c>{ token, logprob, bytes, top_logprobs }</c>.
/// </summary>
/// <remarks>Sources: openai 7.57.0 (<c>ChatCompletionTokenLogprob</c>, <c>ResponseOutputText.Logprob</c>), Ollama's API documentation.</remarks>
internal static class TokenLogProbs
{
    /// <summary>The name of the step of a stream that holds them, and of the field of a text.</summary>
    public const string Name = "logprobs";

    /// <summary>Those of a step; null when it has none.</summary>
    public static string? Of(OpaqueDelta step) => step.Type is not Name ? null : step.Format switch
    {
        OpenAIChatFormat.FormatName => Content(step.Json),
        GeminiFormat.FormatName => GeminiLogProbs.Read(step.Json),
        OpenAIResponsesFormat.FormatName or OllamaFormat.FormatName or OllamaGenerateFormat.FormatName => Some(step.Json),
        _ => null,
    };

    /// <summary>Takes them out of an answer, or one of several.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="writer">The format that is written: what it wrote itself it writes again, and nothing is taken. Null: none.</param>
    /// <param name="list">Them; null when there are none.</param>
    /// <returns>The answer without them.</returns>
    public static ChatResponse Take(ChatResponse answer, string? writer, out string? list)
    {
        list = null;
        if (answer.Extra is { } extra && !string.Equals(extra.Format, writer, StringComparison.Ordinal) && Field(extra.Format) is { } field
            && Json.Extras.Find(extra, field) is { } json && Of(new OpaqueDelta(extra.Format, Name, json)) is { } ofAll)
        {
            list = ofAll;
            answer = answer with { Extra = Json.Extras.Without(extra, field) };
        }

        if (string.Equals(writer, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal))
        {
            return answer;
        }

        for (var i = 0; i < answer.Parts.Count; i++)
        {
            if (answer.Parts[i] is TextPart { Extra.Format: OpenAIResponsesFormat.FormatName } text && Json.Extras.Find(text.Extra, Name) is { } own && Some(own) is { } ofText)
            {
                list = Join(list, ofText);
                answer = answer with { Parts = [.. answer.Parts.Take(i), text with { Extra = Json.Extras.Without(text.Extra, Name) }, .. answer.Parts.Skip(i + 1)] };
            }
        }

        return answer;
    }

    /// <summary>Two lists as one.</summary>
    public static string Join(string? first, string second) => first is null ? second : $"{first[..^1]},{second[1..]}";

    /// <summary>A list as OpenAI's chat format has it, in one line as an event must be.</summary>
    public static string Chat(string list) => $$"""{"content":{{list.ReplaceLineEndings(" ")}},"refusal":null}""";

    /// <summary>A list as an answer's own field, for whoever writes the answer.</summary>
    public static Extra? AsExtra(string? list) =>
        list is null ? null : new Extra(OpenAIChatFormat.FormatName, [new(ResponseReader.LogProbs, Chat(list))]);

    private static string? Field(string format) => format switch
    {
        OpenAIChatFormat.FormatName => ResponseReader.LogProbs,
        GeminiFormat.FormatName => GeminiLogProbs.OfCandidate,
        OllamaFormat.FormatName or OllamaGenerateFormat.FormatName => Name,
        _ => null,
    };

    private static string? Content(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("content"u8, out var content)
            ? Some(content.GetRawText())
            : null;
    }

    private static string? Some(string json) => json.StartsWith('[') && json.Contains('{', StringComparison.Ordinal) ? json : null;
}
