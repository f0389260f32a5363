using Sommelier.Wire.Guards;

namespace Sommelier.Wire.Ollama;

/// <summary>Ollama's completion of one prompt, <c>POST /api/generate</c>: a chat of one turn in another shape.</summary>
public sealed class OllamaGenerateFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "ollama-generate";

    private OllamaGenerateFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static OllamaGenerateFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public bool LogProbs => true;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new OllamaRequests(OllamaShape.Generate));

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new OllamaResponses(OllamaShape.Generate));

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new OllamaStreams(OllamaShape.Generate));

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new OllamaErrors());
}
