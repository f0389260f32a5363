using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <inheritdoc cref="IErrorWire"/>
internal sealed class AnthropicErrors : IErrorWire
{
    /// <inheritdoc/>
    public UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        AnthropicErrorReader.Read(status, headers, body, now);

    /// <inheritdoc/>
    public int Status(GatewayError error) => AnthropicErrorWriter.Status(error);

    /// <inheritdoc/>
    public void Write(GatewayError error, string? requestId, IBufferWriter<byte> output) =>
        AnthropicErrorWriter.Write(error, requestId, output);
}
