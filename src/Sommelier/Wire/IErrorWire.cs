using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>Reads and writes errors of one wire format.</summary>
public interface IErrorWire
{
    /// <summary>Reads a vendor's error reply into our vocabulary.</summary>
    /// <param name="status">The HTTP status, 200 when the error came in disguise.</param>
    /// <param name="headers">Looks up a reply header (retry hints) by name; null when it is absent.</param>
    /// <param name="body">The body, possibly empty or not JSON.</param>
    /// <param name="now">For retry hints that name a moment.</param>
    UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>The status that this dialect's vendor would send for an error.</summary>
    int Status(GatewayError error);

    /// <summary>A header that the dialect's clients read the kind of error from (Bedrock's <c>x-amzn-ErrorType</c>); null when there is none.</summary>
    KeyValuePair<string, string>? Header(GatewayError error) => null;

    /// <summary>Writes an error body in this dialect.</summary>
    void Write(GatewayError error, string? requestId, IBufferWriter<byte> output);
}
