namespace Sommelier.Wire;

/// <summary>How a stream of a wire format is cut into pieces on the wire.</summary>
public enum StreamFraming
{
    /// <summary>Server-sent events.</summary>
    Events,

    /// <summary>One JSON object a line (Ollama).</summary>
    Lines,

    /// <summary>Binary frames with checksums (Amazon Bedrock).</summary>
    Frames,
}
