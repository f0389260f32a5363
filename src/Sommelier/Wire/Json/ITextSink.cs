namespace Sommelier.Wire.Json;

/// <summary>Takes the texts of a message, one raw inside of a JSON string at a time.</summary>
internal interface ITextSink
{
    /// <summary>Takes a piece, still escaped.</summary>
    void Add(ReadOnlySpan<byte> raw);
}
