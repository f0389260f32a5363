using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.JsonSchemas;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;
using Sommelier.Wire.Json;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Guards;

namespace Sommelier.Upstream;

/// <summary>
/// The form of an answer that its target is only asked for, in words or by a tool, or is not known to enforce, so that the
/// answer must be checked.
/// </summary>
/// <remarks>
/// What a provider is known to enforce itself is not checked again. Nor is an answer that the model did not finish (output limit,
/// filter), that declines, or that calls a tool: a provider with a JSON mode does not hold those to the schema either, and
/// the caller is told by the finish reason.
/// </remarks>
internal sealed class AnswerForm
{
    /// <summary>The longest streamed answer that is checked, in UTF-16 letters: its text is kept until its end.</summary>
    public const int MostLetters = 4_000_000;

    /// <summary>What callers know a wrong answer by.</summary>
    public const string Code = "invalid_answer";

    // A header line holds only so many.
    private const int MostNamed = 4;

    private readonly JsonSchema? schema;
    private readonly string? begun;

    private AnswerForm(JsonSchema? schema, string? begun) => (this.schema, this.begun) = (schema, begun);

    /// <summary>The form that a caller asked for; null when any text will do.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="begun">The text that the caller begins the answer with: both together must have the form. Null for none.</param>
    /// <exception cref="WireException">The schema holds text that makes no characters.</exception>
    public static AnswerForm? Of(ResponseFormat? asked, string? begun = null)
    {
        try
        {
            return asked?.Kind switch
            {
                ResponseFormatKind.JsonObject => new(null, begun),
                ResponseFormatKind.JsonSchema => new(JsonSchema.Parse(asked.Schema ?? "{}"), begun),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            throw BrokenText.Request();
        }
    }

    /// <summary>Whether the answer's form depends on the model's good will, as far as anybody knows.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="quirks">What is known of the target.</param>
    /// <param name="warnings">What came of writing the request for it: where the form was emulated, they say so.</param>
    public static bool IsOwed(RequestOutline asked, WireQuirks quirks, IReadOnlyList<Warning> warnings)
    {
        if (asked.ResponseFormat == ResponseFormatKind.Text)
        {
            return false;
        }

        // No schema mode gives the rest of an answer that the caller has begun: what comes depends on the model.
        if (asked.Prefill || quirks.JsonSchema == JsonSchemaSupport.Unsure)
        {
            return true;
        }

        foreach (var warning in warnings)
        {
            if (warning is { Code: "emulated", Field: "response_format" })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells what of an answer is not checked: which keywords of the schema, and which of several answers.</summary>
    public void Warn(RequestOutline asked, ICollection<Warning> warnings)
    {
        if (asked is { Stream: true, Choices: > 1 })
        {
            warnings.Add(new Warning("unchecked", "response_format", "only the first answer of a stream is checked"));
        }

        if (schema is not { Unchecked: { Count: > 0 } places })
        {
            return;
        }

        var more = places.Count > MostNamed ? $" and {places.Count - MostNamed} more" : "";
        warnings.Add(new Warning("unchecked", "response_format", $"answers are not checked against {string.Join(", ", places.Take(MostNamed))}{more}"));
    }

    /// <summary>Checks a whole answer, every choice of it.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public UpstreamFailure? Check(ChatResponse response)
    {
        if (IsBound(response.FinishReason) && !response.Parts.Any(static part => part is ToolCallPart or RefusalPart)
            && Check(string.Concat(response.Parts.OfType<TextPart>().Select(static part => part.Text))) is { } wrong)
        {
            return wrong;
        }

        foreach (var choice in response.MoreChoices)
        {
            if (Check(choice) is { } other)
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>An answer without the code fence that some models put around their JSON, whatever they are told; the same object where there is none.</summary>
    public static ChatResponse Unfenced(ChatResponse response)
    {
        var parts = response.Parts;
        if (IsBound(response.FinishReason) && !parts.Any(static part => part is ToolCallPart or RefusalPart)
            && CodeFence.Inner(string.Concat(parts.OfType<TextPart>().Select(static part => part.Text))) is { } inner)
        {
            // Those of the fence's tokens are among them.
            response = TokenLogProbs.Take(response, writer: null, out _);
            response = response with { Parts = Unfenced(response.Parts, inner), Extra = Extras.Without(response.Extra, ResponseReader.LogProbs) };
        }

        var more = response.MoreChoices;
        for (var i = 0; i < more.Count; i++)
        {
            if (Unfenced(more[i]) is var choice && !ReferenceEquals(choice, more[i]))
            {
                response = response with { MoreChoices = [.. response.MoreChoices.Take(i), choice, .. response.MoreChoices.Skip(i + 1)] };
            }
        }

        return response;
    }

    // One text is left, where the first stood, with all that the texts had beside their words.
    private static List<ContentPart> Unfenced(IReadOnlyList<ContentPart> parts, string inner)
    {
        var texts = parts.OfType<TextPart>().ToArray();
        var start = -string.Concat(texts.Select(static text => text.Text)).IndexOf(inner, StringComparison.Ordinal);
        var citations = new List<Citation>();
        foreach (var text in texts)
        {
            var (from, length) = (start, text.Text.Length);
            citations.AddRange(text.Citations.Select(citation => UrlCitations.Moved(citation with { End = citation.End ?? length }, from, inner.Length)));
            start += length;
        }

        var bare = texts[0] with { Text = inner, Citations = citations, Extra = texts.Select(static text => text.Extra).FirstOrDefault(static extra => extra is not null) };
        return [.. parts.Where(part => part is not TextPart || ReferenceEquals(part, texts[0])).Select(part => ReferenceEquals(part, texts[0]) ? bare : part)];
    }

    /// <summary>Tells that a fence was taken off.</summary>
    /// <param name="caller">The caller's dialect.</param>
    public static Warning FenceTaken(IWireFormat caller) =>
        new("emulated", CallerFields.Name(caller.Name, "response_format"), "the code fence around the JSON was taken off");

    /// <summary>Tells that a fence was taken off a whole answer, and that log probabilities went with it where there were some.</summary>
    /// <param name="caller">The caller's dialect.</param>
    /// <param name="fenced">The answer as it came.</param>
    public static IEnumerable<Warning> FenceTaken(IWireFormat caller, ChatResponse fenced)
    {
        yield return FenceTaken(caller);
        TokenLogProbs.Take(fenced, writer: null, out var tokens);
        if (tokens is not null || Extras.Find(fenced.Extra, ResponseReader.LogProbs) is not null)
        {
            yield return new Warning("dropped", CallerFields.Name(caller.Name, TokenLogProbs.Name), "they hold those of the code fence, which was taken off");
        }
    }

    /// <summary>Whether an answer that ended so must have the form.</summary>
    public static bool IsBound(FinishReason reason) => reason.Kind is FinishReasonKind.Stop or FinishReasonKind.Other;

    /// <summary>Whether a text can be the beginning of an answer of the form, by its first characters.</summary>
    public bool MayBegin(ReadOnlySpan<char> text)
    {
        if (begun is not null)
        {
            return true;
        }

        text = text.TrimStart(" \t\r\n");
        return text.IsEmpty || text[0] is '{' or '[' or '"' or '-' or (>= '0' and <= '9') or 't' or 'f' or 'n';
    }

    /// <summary>What is wrong with an answer that is no JSON.</summary>
    public static UpstreamFailure NotJson { get; } = Invalid("the answer is not JSON");

    /// <summary>What is wrong with an answer that is too large to be checked.</summary>
    public static UpstreamFailure TooLarge { get; } = Invalid($"the answer is longer than {MostLetters / 1_000_000} million letters, so it cannot be checked");

    /// <summary>Checks the text of an answer: what the caller has begun and the text together, or the text alone of a model that began anew.</summary>
    public UpstreamFailure? Check(string text)
    {
        if (begun is null)
        {
            return CheckWhole(text);
        }

        // Who begins with a code fence gets its end from the model.
        var whole = begun + text;
        return CheckWhole(CodeFence.Inner(whole) ?? whole) is { } wrong && CheckWhole(text) is not null ? wrong : null;
    }

    private UpstreamFailure? CheckWhole(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Check(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // An argument: the text holds half of a surrogate pair.
            return NotJson;
        }
    }

    private UpstreamFailure? Check(JsonElement value)
    {
        if (schema is null)
        {
            return value.ValueKind == JsonValueKind.Object ? null : Invalid("$ must be of type object");
        }

        return schema.Check(value) is { } violation ? Invalid(violation.ToString()) : null;
    }

    private static UpstreamFailure Invalid(string what) => new(UpstreamFailureKind.InvalidAnswer, what, Code: Code);
}
