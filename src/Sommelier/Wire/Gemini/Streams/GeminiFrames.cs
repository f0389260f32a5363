using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <summary>What stands around the pieces of a stream: events, or the brackets and commas of one JSON array, as the caller's address asked.</summary>
internal sealed class GeminiFrames(CallPath path)
{
    private readonly bool isArray = path.Framing is CallPath.JsonArray;
    private bool begun;

    /// <summary>Whether the caller gets one JSON array.</summary>
    public bool IsArray => isArray;

    /// <summary>Writes what stands before a piece.</summary>
    public void Open(IBufferWriter<byte> output)
    {
        output.Write(isArray ? begun ? ",\r\n"u8 : "["u8 : "data: "u8);
        begun = true;
    }

    /// <summary>Writes what stands after a piece.</summary>
    public void Close(IBufferWriter<byte> output)
    {
        if (!isArray)
        {
            output.Write("\r\n\r\n"u8);
        }
    }

    /// <summary>Writes what stands after the last piece.</summary>
    public void End(IBufferWriter<byte> output)
    {
        if (isArray)
        {
            output.Write("]"u8);
        }
    }

    /// <summary>Writes an error as the last piece.</summary>
    public void Error(GatewayError error, IBufferWriter<byte> output)
    {
        Open(output);
        GeminiErrorWriter.Write(error, requestId: null, output);
        Close(output);
        End(output);
    }
}
