using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <inheritdoc cref="IErrorWire"/>
internal sealed class GeminiErrors : IErrorWire
{
    /// <inheritdoc/>
    public UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        GeminiErrorReader.Read(status, headers, body, now);

    /// <inheritdoc/>
    public int Status(GatewayError error) => GeminiErrorWriter.Status(error);

    /// <inheritdoc/>
    public void Write(GatewayError error, string? requestId, IBufferWriter<byte> output) => GeminiErrorWriter.Write(error, requestId, output);
}
