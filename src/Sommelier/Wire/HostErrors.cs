using Sommelier.Canonical;
using Sommelier.Wire.BedrockConverse;
using Sommelier.Wire.Gemini;

namespace Sommelier.Wire;

/// <summary>Whose errors stand before those of the wire format.</summary>
public enum ErrorHost
{
    /// <summary>Nobody's: whoever speaks the format answers.</summary>
    None,

    /// <summary>Amazon's: limits, rights and broken models are told by the header <c>x-amzn-errortype</c> and a bare message.</summary>
    Amazon,

    /// <summary>Google's: <c>{ "error": { code, message, status, details } }</c>.</summary>
    Google,
}

/// <summary>
/// Errors of a cloud that serves another maker's format: its own door answers in its own shape, and the model's server behind
/// it in the format's.
/// </summary>
internal static class HostErrors
{
    /// <summary>Reads an error reply in the shape that it has.</summary>
    public static UpstreamFailure Read(
        IWireFormat format, WireQuirks quirks, int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) => quirks.ErrorHost switch
        {
            ErrorHost.Amazon when ConverseErrorReader.IsAmazons(headers, body) => BedrockConverseFormat.Instance.Errors.Read(status, headers, body, now),
            ErrorHost.Google when GeminiErrorReader.IsGoogles(body) => GeminiFormat.Instance.Errors.Read(status, headers, body, now),
            _ => format.Errors.Read(status, headers, body, now),
        };
}
