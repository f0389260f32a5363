using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads a whole answer into our own words.</summary>
internal static class ResponseReader
{
    // Words about the serving, not about the answer.
    private static readonly string[] Known =
    [
        "id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "x_groq", "usage_breakdown", "error",
        "provider", "obfuscation", "metadata", "request_id", "tool_choice", "input_user", "seed", "temperature", "top_p",
        "presence_penalty", "frequency_penalty", "response_format", "tools",
    ];

    private const string Annotations = "annotations";

    /// <inheritdoc cref="IResponseWire.Read"/>
    public static ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return Read(new JsonFields(document.RootElement, ""), quirks);
        }
        catch (WireException error)
        {
            throw UpstreamException.Protocol($"The answer is not a chat completion: {error.Message}");
        }
    }

    private static ChatResponse Read(JsonFields answer, WireQuirks quirks)
    {
        var id = answer.Text("id");
        var choices = new List<ChatResponse>(1);
        Usage? usage = null;
        foreach (var choice in answer.List("choices")?.EnumerateArray() ?? default)
        {
            var fields = JsonFields.Of(choice, $"choices[{choices.Count}]");
            choices.Add(ReadChoice(fields, id));
            usage ??= ReadUsage(fields, quirks);
        }

        usage = ReadUsage(answer, quirks) ?? (answer.Object("x_groq") is { } groq ? ReadUsage(groq, quirks) : null) ?? usage;
        var first = choices[0];
        return first with
        {
            Id = id is { Length: > 0 } ? id : null,
            ResponseModel = answer.Text("model") is { Length: > 0 } model ? model : null,
            Created = ServingWords.Created(answer.Element),
            SystemFingerprint = ServingWords.SystemFingerprint(answer.Element),
            ServiceTier = ServingWords.ServiceTier(answer.Element),
            MoreChoices = choices.Count > 1 ? choices.GetRange(1, choices.Count - 1) : [],
            Usage = usage is { } counts ? counts with { ServiceTier = ServiceTiers.Of(answer.Element, "service_tier") } : null,
            Extra = Join(first.Extra, answer.Unknown(OpenAIChatFormat.FormatName, Known)),
        };
    }

    /// <summary>Where the log probabilities of the first answer stand; those of another one carry the same name.</summary>
    public const string LogProbs = "choices[0].logprobs";

    private static ChatResponse ReadChoice(JsonFields choice, string? id)
    {
        if (!choice.TryGet("message", out _) && choice.Text("text") is { } completed)
        {
            // The older completions.
            return new ChatResponse { Parts = [new TextPart(completed)], FinishReason = Finish(choice.Text("finish_reason"), []) };
        }

        var message = choice.Object("message") ?? choice.Object("delta") ?? throw FieldError.Missing(choice.At("message"), "an object");
        string? legacyCall = null;
        var parts = AssistantReader.Parts(message, ref legacyCall, id);
        var unknown = AssistantReader.Unknown(message);
        if (Extras.Find(unknown, Annotations) is { } annotations && UrlCitations.ReadAll(annotations, OpenAIChatFormat.FormatName) is { } citations
            && parts.OfType<TextPart>().FirstOrDefault() is { } text)
        {
            parts = [.. parts.Select(part => ReferenceEquals(part, text) ? text with { Citations = citations } : part)];
            unknown = Extras.Without(unknown, Annotations);
        }

        var extra = Extras.Within("message.", unknown);
        var logProbs = choice.Raw("logprobs");
        if (logProbs is not null)
        {
            extra = Join(extra, new Extra(OpenAIChatFormat.FormatName, [new(LogProbs, logProbs)]));
        }

        var raw = choice.Text("finish_reason");
        return new ChatResponse { Parts = parts, FinishReason = Finish(raw, parts), Extra = extra };
    }

    private static FinishReason Finish(string? raw, IReadOnlyList<ContentPart> parts)
    {
        var calls = parts.Any(static part => part is ToolCallPart);
        var reason = raw is { Length: > 0 } ? OpenAIWords.Finish(raw) : new FinishReason(calls ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop);

        // Some servers say "stop" beside their calls; what they want is that the tools are run.
        return calls && reason.Kind == FinishReasonKind.Stop ? reason with { Kind = FinishReasonKind.ToolCalls } : reason;
    }

    private static Usage? ReadUsage(JsonFields owner, WireQuirks quirks)
    {
        if (!owner.TryGet("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(usage), JsonLimits.Reader);
        reader.Read();
        return UsageReader.Read(ref reader, quirks);
    }

    private static Extra? Join(Extra? first, Extra? second)
    {
        var fields = new List<KeyValuePair<string, string>>(first?.Fields ?? []);
        foreach (var field in second?.Fields ?? [])
        {
            if (field.Value is not ("null" or "[]"))
            {
                fields.Add(field);
            }
        }

        return fields.Count == 0 ? null : new Extra(OpenAIChatFormat.FormatName, fields);
    }
}
