using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Guards;

/// <summary>Errors of a format: of one whose words cannot be read, the status and the headers must do.</summary>
internal sealed class GuardedErrors(IErrorWire inner) : IErrorWire
{
    /// <inheritdoc/>
    public UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        try
        {
            return inner.Read(status, headers, body, now);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            return inner.Read(status, headers, [], now);
        }
    }

    /// <inheritdoc/>
    public int Status(GatewayError error) => inner.Status(error);

    /// <inheritdoc/>
    public KeyValuePair<string, string>? Header(GatewayError error) => inner.Header(error);

    /// <inheritdoc/>
    public void Write(GatewayError error, string? requestId, IBufferWriter<byte> output) => inner.Write(error, requestId, output);
}
