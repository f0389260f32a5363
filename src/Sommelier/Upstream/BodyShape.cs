using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>What a reply's body turns out to be, whatever its headers say.</summary>
internal enum BodyShape
{
    /// <summary>Nothing but white space so far.</summary>
    Unknown,

    /// <summary>One JSON value.</summary>
    Json,

    /// <summary>A stream in the format's own framing.</summary>
    Events,

    /// <summary>Markup or another thing that no model sends: a proxy's page.</summary>
    Other,
}

/// <summary>Looks at the first byte that is not white space.</summary>
/// <remarks>
/// Vendors answer a stream request with plain JSON when they fail, and proxies put a wrong media type on a good stream:
/// the first byte never lies. A line of server-sent events begins with a field's name or a colon.
/// </remarks>
internal static class BodyShapes
{
    /// <summary>Looks at the body's first bytes.</summary>
    /// <param name="body">The bytes that are there.</param>
    /// <param name="framing">How a stream of the format is cut: lines of JSON begin like a whole JSON value.</param>
    public static BodyShape Of(ReadOnlySpan<byte> body, StreamFraming framing = StreamFraming.Events)
    {
        // A frame begins with its length, whose first byte is 0 for every length that we accept.
        if (framing == StreamFraming.Frames && !body.IsEmpty && body[0] == 0)
        {
            return BodyShape.Events;
        }

        if (body.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        body = body.TrimStart(" \t\r\n"u8);
        return body.IsEmpty ? BodyShape.Unknown : body[0] switch
        {
            (byte)'{' when framing == StreamFraming.Lines => BodyShape.Events,
            (byte)'{' or (byte)'[' => BodyShape.Json,
            (byte)'d' or (byte)'e' or (byte)':' or (byte)'i' or (byte)'r' => BodyShape.Events,
            _ => BodyShape.Other,
        };
    }
}
