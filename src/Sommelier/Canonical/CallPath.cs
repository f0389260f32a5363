namespace Sommelier.Canonical;

/// <summary>
/// What a call's address says of the request, for wire formats that put it there and not into the body (Gemini, Bedrock).
/// </summary>
/// <param name="Model">The model name in the path, unescaped; null where the body names it.</param>
/// <param name="Stream">Whether the path asks for a stream; null where the body says so.</param>
/// <param name="Framing">How the caller wants a stream cut into pieces; null takes the format's own way.</param>
public readonly record struct CallPath(string? Model = null, bool? Stream = null, string? Framing = null)
{
    /// <summary>One JSON array whose items come as they are made: Gemini's stream without <c>alt=sse</c>.</summary>
    public const string JsonArray = "json-array";
}
