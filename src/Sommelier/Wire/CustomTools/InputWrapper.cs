using Sommelier.Wire.Json;

namespace Sommelier.Wire.CustomTools;

/// <summary>Makes a custom tool's streamed text into pieces of a function's arguments, see <see cref="CustomTool"/>.</summary>
internal sealed class InputWrapper
{
    private bool open;
    private bool closed;
    private char half;

    /// <summary>A piece of the text, as a piece of the arguments.</summary>
    public string Add(string text)
    {
        if (half != default)
        {
            text = half + text;
            half = default;
        }

        // Escaping needs whole characters; some servers cut an emoji in two.
        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            half = text[^1];
            text = text[..^1];
        }

        return Head() + JsonBytes.QuotedText(text)[1..^1];
    }

    /// <summary>The end of the arguments; empty when it was given out already.</summary>
    public string End()
    {
        if (closed)
        {
            return "";
        }

        closed = true;
        return Head() + (half == default ? "" : "\ufffd") + "\"}";
    }

    private string Head()
    {
        if (open)
        {
            return "";
        }

        open = true;
        return "{\"input\":\"";
    }
}
