using Sommelier.Canonical;

namespace Sommelier.Wire.Guards;

/// <summary>
/// JSON whose strings are no Unicode: a broken UTF-8 byte, or half of a surrogate pair. The JSON reader finds them only
/// when a string is read, and then throws <see cref="InvalidOperationException"/>, wherever that may be.
/// </summary>
/// <remarks>Looking at every byte beforehand would cost every good request; this costs nothing until it happens.</remarks>
internal static class BrokenText
{
    private const string What = "holds text that is not Unicode: a broken UTF-8 byte or half of a surrogate pair";

    /// <summary>What the caller is told.</summary>
    public static WireException Request() => new(GatewayError.Invalid(null, $"The body {What}. Send JSON encoded as UTF-8."));

    /// <summary>What the attempt loop is told.</summary>
    public static UpstreamException Answer() => UpstreamException.Protocol($"The answer {What}.");
}
