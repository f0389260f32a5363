using Sommelier.Wire.Guards;

namespace Sommelier.Wire.Ollama;

/// <summary>Ollama's own chat, <c>POST /api/chat</c>: lines of JSON, arguments as objects, options in an object of their own.</summary>
/// <remarks>Source of the field names: the official client (ollama 0.6.4) and Ollama's API documentation.</remarks>
public sealed class OllamaFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "ollama";

    private OllamaFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static OllamaFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    /// <remarks>Clients' types have names and arguments only (ollama 0.6.4).</remarks>
    public bool KeepsCallIds => false;

    /// <inheritdoc/>
    public bool TextDocuments => false;

    /// <inheritdoc/>
    public bool LogProbs => true;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new OllamaRequests(OllamaShape.Chat));

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new OllamaResponses(OllamaShape.Chat));

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new OllamaStreams(OllamaShape.Chat));

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new OllamaErrors());
}
