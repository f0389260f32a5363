using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Reads the content of media out of JSON as it stands there: as text it would weigh twice as much.</summary>
internal static class BlobReader
{
    /// <summary>The base64 of a field, or null when absent.</summary>
    public static BlobData? Optional(JsonFields fields, string name) => fields.TryGet(name, out var value) ? Of(value, fields.At(name)) : null;

    /// <summary>The base64 of a field that must be there.</summary>
    public static BlobData Required(JsonFields fields, string name, string expected) => Optional(fields, name) ?? throw FieldError.Missing(fields.At(name), expected);

    /// <summary>Takes a value as base64.</summary>
    public static BlobData Of(JsonElement value, string path) => BlobData.OfBase64(Utf8(value, path).ToArray());

    /// <summary>A string as UTF-8 without its quotes and escapes; valid as long as the document.</summary>
    /// <exception cref="WireException">It is no string, or holds half of a surrogate pair.</exception>
    public static ReadOnlySpan<byte> Utf8(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String && JsonMarshal.GetRawUtf8Value(value) is var raw && !raw.Contains((byte)'\\'))
        {
            return raw[1..^1];
        }

        return Encoding.UTF8.GetBytes(JsonFields.Text(value, path));
    }
}
