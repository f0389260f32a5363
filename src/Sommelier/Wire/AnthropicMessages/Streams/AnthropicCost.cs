using System.Buffers;
using System.Buffers.Text;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>The <c>sommelier</c> object beside the token counts of a stream.</summary>
internal static class AnthropicCost
{
    /// <summary>Writes a vendor's <c>message_delta</c> with the object added at its end.</summary>
    /// <param name="data">The event's JSON, a valid object.</param>
    /// <param name="costUsd">The cost in USD.</param>
    /// <param name="output">Takes the whole event.</param>
    public static void WriteEvent(ReadOnlySpan<byte> data, decimal costUsd, IBufferWriter<byte> output)
    {
        var body = data[..data.LastIndexOf((byte)'}')];
        output.Write("event: message_delta\ndata: "u8);

        // A vendor may have spread its JSON over several data lines.
        while (body.IndexOf((byte)'\n') is var feed and >= 0)
        {
            output.Write(body[..feed]);
            body = body[(feed + 1)..];
        }

        output.Write(body);
        output.Write(",\"sommelier\":{\"cost_usd\":"u8);
        Span<byte> number = stackalloc byte[40];
        _ = Utf8Formatter.TryFormat(costUsd, number, out var length);
        output.Write(number[..length]);
        output.Write("}}\n\n"u8);
    }
}
