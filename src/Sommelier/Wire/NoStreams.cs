namespace Sommelier.Wire;

/// <summary>For answers that do not come in a stream (vectors, compactions): nobody can ask for one, and a vendor that sends one is told off.</summary>
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
    public StreamDecoder CreateDecoder(WireQuirks quirks) => throw UpstreamException.Protocol("What comes whole came as a stream.");

    /// <inheritdoc/>
    public StreamEncoder CreateEncoder(ReplyContext context) => throw new NotSupportedException("The format has no streams.");

    /// <inheritdoc/>
    public StreamRelay CreateRelay(WireQuirks quirks, ReplyContext context) => throw new NotSupportedException("The format has no streams.");
}
