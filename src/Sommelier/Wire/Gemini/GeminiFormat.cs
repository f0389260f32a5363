using Sommelier.Wire.Guards;

namespace Sommelier.Wire.Gemini;

/// <summary>
/// Google's generateContent, at the Gemini API and at Vertex AI. The model and whether a stream is wanted stand in the
/// path (<see cref="Canonical.CallPath"/>), not in the body.
/// </summary>
/// <remarks>Field names: the official SDK (@google/genai 3.3.0). Both spellings that the API reads, camelCase and snake_case, are read.</remarks>
public sealed class GeminiFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "gemini";

    private GeminiFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static GeminiFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    /// <remarks>Ids are optional, and older SDKs know none.</remarks>
    public bool KeepsCallIds => false;

    /// <inheritdoc/>
    public string? SealVendor => Seals.Google;

    /// <inheritdoc/>
    public ToolNameRule? ToolNames { get; } = new(64, "_-.", LetterFirst: true);

    /// <inheritdoc/>
    public bool LogProbs => true;

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new GeminiRequests());

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new GeminiResponses());

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new GeminiStreams());

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new GeminiErrors());
}
