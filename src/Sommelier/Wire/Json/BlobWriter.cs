using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Writes the content of media straight into JSON: nothing on the way is as large as the media.</summary>
internal static class BlobWriter
{
    // A multiple of three, so that padding stands only at the end.
    private const int Piece = 3 * 1024;

    /// <summary>Writes a field of base64.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, BlobData data)
    {
        writer.WritePropertyName(name);
        Write(writer, data);
    }

    /// <summary>Writes base64 as a value.</summary>
    public static void Write(Utf8JsonWriter writer, BlobData data)
    {
        if (!data.IsPlain)
        {
            writer.WriteStringValue(data.Base64.Span);
            return;
        }

        var left = data.Bytes;
        while (!left.IsSingleSegment)
        {
            writer.WriteBase64StringSegment(left.FirstSpan, isFinalSegment: false);
            left = left.Slice(left.FirstSpan.Length);
        }

        writer.WriteBase64StringSegment(left.FirstSpan, isFinalSegment: true);
    }

    /// <summary>Writes a field of <c>data:image/png;base64,…</c>.</summary>
    public static void WriteDataUrl(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string mediaType, BlobData data)
    {
        writer.WritePropertyName(name);
        writer.WriteStringValueSegment(Encoding.UTF8.GetBytes($"data:{mediaType};base64,"), isFinalSegment: false);
        if (!data.IsPlain)
        {
            writer.WriteStringValueSegment(data.Base64.Span, isFinalSegment: true);
            return;
        }

        Span<byte> plain = stackalloc byte[Piece];
        Span<byte> text = stackalloc byte[Piece / 3 * 4];
        var left = data.Bytes;
        while (left.Length > 0)
        {
            var piece = left.Slice(0, Math.Min(Piece, left.Length));
            piece.CopyTo(plain);
            Base64.EncodeToUtf8(plain[..(int)piece.Length], text, out _, out var written);
            writer.WriteStringValueSegment(text[..written], isFinalSegment: false);
            left = left.Slice(piece.Length);
        }

        writer.WriteStringValueSegment(default(ReadOnlySpan<byte>), isFinalSegment: true);
    }
}
