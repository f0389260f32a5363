using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Sommelier.Wire.Json;

/// <summary>The checks that every request body meets first, and the words for a body that is not JSON.</summary>
internal static class JsonBody
{
    /// <summary>Refuses bytes that are not UTF-8; the JSON reader itself would let them through inside strings.</summary>
    public static void CheckUtf8(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw WireException.Invalid(null, "The body is empty. Send a JSON object.");
        }

        if (!Utf8.IsValid(body))
        {
            throw WireException.Invalid(null, $"The body is not valid UTF-8 at byte {FirstInvalid(body)}. Send JSON encoded as UTF-8.");
        }
    }

    /// <summary>Parses a whole body for a reader that needs all of it. The body is not copied: it must outlive the document. Dispose it: the rest of its memory is pooled.</summary>
    /// <exception cref="WireException">It is not a JSON object in UTF-8, or nested too deep.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        CheckUtf8(body.Span);
        try
        {
            var document = JsonDocument.Parse(body, JsonLimits.Document);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw NotAnObject();
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }

    /// <summary>The body is JSON, but not an object.</summary>
    public static WireException NotAnObject() => WireException.Invalid(null, "The body must be a JSON object.");

    /// <summary>The words for a body that is not JSON.</summary>
    public static WireException Malformed(JsonException error)
    {
        // The reader says so only in its text; depth is worth a sentence of its own.
        if (error.Message.Contains("maximum configured depth", StringComparison.Ordinal))
        {
            return WireException.Invalid(null, $"The body is nested deeper than {JsonLimits.MaxDepth} levels. Flatten it.");
        }

        var place = error is { LineNumber: { } line, BytePositionInLine: { } column }
            ? $" at line {line + 1}, byte {column + 1}"
            : "";
        return WireException.Invalid(null, $"The body is not valid JSON{place}. Send one JSON object.");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (at < body.Length && Rune.DecodeFromUtf8(body[at..], out _, out var used) == OperationStatus.Done)
        {
            at += used;
        }

        return at;
    }
}
