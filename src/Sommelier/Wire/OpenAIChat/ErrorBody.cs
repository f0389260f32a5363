using System.Globalization;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What an error body says, whatever its shape.</summary>
/// <param name="Message">The vendor's words, or null.</param>
/// <param name="Type">OpenAI's <c>type</c>, or null.</param>
/// <param name="Code">The vendor's code, or null.</param>
/// <param name="Parameter">The field to blame, or null.</param>
/// <param name="Detail">More words to look for signs in: an inner error, an upstream's raw text.</param>
internal sealed record ErrorBody(string? Message, string? Type, string? Code, string? Parameter, string? Detail)
{
    private const int MaxMessage = 2_000;

    private static readonly ErrorBody None = new(null, null, null, null, null);

    /// <summary>
    /// Reads OpenAI's <c>{"error":{…}}</c>, xAI's and Ollama's <c>{"error":"text"}</c>, Mistral's flat one, its list of
    /// <c>detail</c>s, Cloudflare's list of <c>errors</c>, Groq's <c>x_groq.error</c>, Google's list around all, and plain text.
    /// </summary>
    public static ErrorBody Read(ReadOnlySpan<byte> body)
    {
        body = body.Trim(" \r\n\t"u8);
        if (body.IsEmpty)
        {
            return None;
        }

        if (body[0] is not ((byte)'{' or (byte)'['))
        {
            return PlainText(body);
        }

        try
        {
            var reader = new Utf8JsonReader(body, JsonLimits.Reader);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return PlainText(body);
        }
    }

    /// <summary>The failure of a body that came with HTTP 200 or inside a stream, where no header tells how long to wait.</summary>
    public UpstreamFailure Disguised()
    {
        var failure = ErrorKinds.Failure(null, this);
        return failure.Kind == UpstreamFailureKind.RateLimited ? failure with { RetryAfter = RetryHints.InWords(Message) } : failure;
    }

    private static ErrorBody Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.GetArrayLength() > 0 ? Read(root[0]) : None;
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return None;
        }

        if (Get(root, "error") is { } error)
        {
            return error.ValueKind == JsonValueKind.Object
                ? OfObject(error)
                : new ErrorBody(Word(error), Text(root, "type"), Text(root, "code"), null, null);
        }

        if (Get(root, "x_groq") is { ValueKind: JsonValueKind.Object } groq && Get(groq, "error") is { } inner)
        {
            return inner.ValueKind == JsonValueKind.Object ? OfObject(inner) : new ErrorBody(Word(inner), null, null, null, null);
        }

        if (Get(root, "errors") is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0)
        {
            return errors[0].ValueKind == JsonValueKind.Object ? OfObject(errors[0]) : new ErrorBody(Word(errors[0]), null, null, null, null);
        }

        if (Get(root, "detail") is { } detail)
        {
            return OfDetail(detail);
        }

        return OfObject(root);
    }

    private static ErrorBody OfObject(JsonElement error)
    {
        var detail = new StringBuilder();
        if (Get(error, "innererror") is { } inner)
        {
            detail.Append(inner.GetRawText());
        }

        if (Get(error, "metadata") is { } metadata)
        {
            detail.Append(metadata.GetRawText());
        }

        return new ErrorBody(
            Cut(Text(error, "message") ?? Text(error, "msg")), Text(error, "type") ?? Text(error, "status"), Text(error, "code"), Text(error, "param"),
            detail.Length == 0 ? null : Cut(detail.ToString()));
    }

    // {"detail":[{"loc":["body","messages"],"msg":"field required","type":"missing"}]}, or text.
    private static ErrorBody OfDetail(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Array)
        {
            return detail.ValueKind == JsonValueKind.Object ? OfObject(detail) : new ErrorBody(Cut(Word(detail)), null, null, null, null);
        }

        var text = new StringBuilder();
        string? parameter = null;
        foreach (var fault in detail.EnumerateArray())
        {
            if (fault.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            var path = Get(fault, "loc") is { ValueKind: JsonValueKind.Array } loc
                ? string.Join('.', loc.EnumerateArray().Select(Word).Where(word => word is not "body"))
                : null;
            parameter ??= path;
            text.Append(text.Length > 0 ? "; " : "").Append(path is null ? "" : $"{path}: ").Append(Text(fault, "msg"));
        }

        return new ErrorBody(Cut(text.ToString()), "invalid_request_error", null, parameter, null);
    }

    private static ErrorBody PlainText(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxMessage)]);
        if (text.StartsWith('<'))
        {
            // A proxy's page: only its title is worth a word.
            var start = text.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
            var end = text.IndexOf("</title>", StringComparison.OrdinalIgnoreCase);
            text = start >= 0 && end > start ? text[(start + 7)..end].Trim() : "an HTML page";
        }

        return new ErrorBody(Cut(text), null, null, null, null);
    }

    private static JsonElement? Get(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string name) => Get(element, name) is { } value ? Word(value) : null;

    private static string? Word(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }

    private static string? Cut(string? text) => text is null ? null
        : text.Length <= MaxMessage ? text
        : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, MaxMessage)}…");
}
