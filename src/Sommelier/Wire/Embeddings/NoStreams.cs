namespace Sommelier.Wire.Embeddings;

/// <summary>Vectors do not come in a stream: nobody can ask for one, and a vendor that sends one is told off.</summary>
internal sealed class NoStreams : IStreamWire
{
    private NoStreams()
    {
    }

    /// <summary>The one instance.</summary>
    public static NoStreams Instance { get; } = new();

    /// <inheritdoc/>
    public string ContentType => "application/json";

    /// <inheritdoc/>
    public StreamDecoder CreateDecoder(WireQuirks quirks) => throw UpstreamException.Protocol("The vectors came as a stream.");

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => throw new NotSupportedException("Vectors are not streamed.");

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => throw new NotSupportedException("Vectors are not streamed.");
}
