using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What the decoder and the relay of a stream share.</summary>
internal static class AnthropicStream
{
    /// <summary>The member that says where the host's own tools ran: of a whole answer, and of a stream's last step.</summary>
    public const string Container = "container";

    /// <summary>More content blocks than any answer has: a number beyond it is a broken upstream.</summary>
    public const int MaxBlocks = 100_000;

    /// <summary>
    /// A second answer began inside the first: an intermediary retried and glued two answers together. No part of it can
    /// be trusted as a whole answer, and signed thinking of two answers is refused when it is sent back.
    /// </summary>
    public static UpstreamFailure Spliced { get; } =
        new(UpstreamFailureKind.ProtocolError, "The upstream began another answer in the middle of this one.");

    /// <summary>
    /// Whether a <c>message_start</c> inside an answer begins another one. Some servers send it twice; the same id, or
    /// none, makes it a harmless repetition.
    /// </summary>
    public static bool IsOtherMessage(string? open, string? next) =>
        open is not null && next is not null && !string.Equals(open, next, StringComparison.Ordinal);

    /// <summary>Whether the bytes are one whole JSON value.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The text of a JSON string with its quotes.</summary>
    public static string Text(ReadOnlySpan<byte> quoted)
    {
        if (quoted.IsEmpty)
        {
            return "";
        }

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return JsonText.Tolerant(ref reader);
    }
}
