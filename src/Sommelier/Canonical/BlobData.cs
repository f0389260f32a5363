using System.Buffers;
using System.Text;

namespace Sommelier.Canonical;

/// <summary>
/// The content of media: base64 text as it came in a request, or plain bytes as they were fetched. It is large, so neither
/// is made into the other before it is written.
/// </summary>
public sealed class BlobData : IEquatable<BlobData>
{
    private BlobData()
    {
    }

    /// <summary>The text in UTF-8; empty where the bytes are plain.</summary>
    public ReadOnlyMemory<byte> Base64 { get; private init; }

    /// <summary>The plain bytes; empty where there is text.</summary>
    public ReadOnlySequence<byte> Bytes { get; private init; }

    /// <summary>Whether the bytes are plain.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>How many bytes of base64 it is.</summary>
    public long Base64Length => IsPlain ? (Bytes.Length + 2) / 3 * 4 : Base64.Length;

    /// <summary>Base64 text as UTF-8, which is not copied.</summary>
    public static BlobData OfBase64(ReadOnlyMemory<byte> text) => new() { Base64 = text };

    /// <summary>Plain bytes, which are not copied.</summary>
    public static BlobData OfBytes(ReadOnlySequence<byte> bytes) => new() { Bytes = bytes, IsPlain = true };

    /// <summary>Base64 text.</summary>
    public static BlobData FromString(string base64) => OfBase64(Encoding.UTF8.GetBytes(base64));

    /// <summary>Base64 text.</summary>
    public static implicit operator BlobData(string base64) => FromString(base64);

    /// <inheritdoc/>
    public bool Equals(BlobData? other) => other is not null && (IsPlain || other.IsPlain
        ? string.Equals(ToString(), other.ToString(), StringComparison.Ordinal)
        : Base64.Span.SequenceEqual(other.Base64.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BlobData);

    /// <inheritdoc/>
    public override int GetHashCode() => Base64Length.GetHashCode();

    /// <summary>The base64 text.</summary>
    public override string ToString() => IsPlain ? Convert.ToBase64String(Bytes.ToArray()) : Encoding.UTF8.GetString(Base64.Span);
}
