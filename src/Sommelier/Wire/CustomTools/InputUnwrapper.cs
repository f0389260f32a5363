using System.Globalization;
using System.Text;

namespace Sommelier.Wire.CustomTools;

/// <summary>Reads a custom tool's text out of the pieces of a function's arguments as they come, see <see cref="CustomTool"/>.</summary>
/// <remarks>Arguments that do not begin with the member <c>input</c> are held until their end and read whole.</remarks>
internal sealed class InputUnwrapper
{
    private static readonly string[] Tokens = ["{", "\"input\"", ":", "\""];

    private readonly StringBuilder all = new();
    private bool inText;
    private bool done;
    private bool foreign;
    private int read;
    private char half;

    /// <summary>What a piece adds to the text; empty while that is not yet known.</summary>
    public string Add(string piece)
    {
        all.Append(piece);
        if (done || foreign)
        {
            return "";
        }

        var held = all.ToString();
        if (!inText && !FindText(held))
        {
            return "";
        }

        var text = new StringBuilder();
        while (!done && read < held.Length && Next(held, text))
        {
        }

        // What has been read is not kept.
        all.Clear().Append(held, read, held.Length - read);
        read = 0;
        return text.ToString();
    }

    /// <summary>What was held back until the end.</summary>
    public string End()
    {
        if (done)
        {
            return "";
        }

        done = true;
        return inText ? half == default ? "" : "\ufffd" : all.Length == 0 ? "" : CustomTool.Unwrap(all.ToString());
    }

    // True once the text's opening quote is behind.
    private bool FindText(string held)
    {
        var at = 0;
        foreach (var token in Tokens)
        {
            while (at < held.Length && char.IsWhiteSpace(held[at]))
            {
                at++;
            }

            var rest = held.AsSpan(at);
            if (!rest.StartsWith(token, StringComparison.Ordinal))
            {
                foreign = !token.AsSpan().StartsWith(rest, StringComparison.Ordinal);
                return false;
            }

            at += token.Length;
        }

        inText = true;
        read = at;
        return true;
    }

    // False when the character is not all there yet.
    private bool Next(string held, StringBuilder text)
    {
        var letter = held[read];
        if (letter == '"')
        {
            done = true;
            return true;
        }

        if (letter != '\\')
        {
            Append(letter, text);
            read++;
            return true;
        }

        if (read + 1 >= held.Length || (held[read + 1] == 'u' && read + 5 >= held.Length))
        {
            return false;
        }

        if (held[read + 1] != 'u')
        {
            Append(held[read + 1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other }, text);
            read += 2;
            return true;
        }

        Append(ushort.TryParse(held.AsSpan(read + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : '\ufffd', text);
        read += 6;
        return true;
    }

    // Pairs of surrogates leave together.
    private void Append(char letter, StringBuilder text)
    {
        if (char.IsHighSurrogate(letter))
        {
            text.Append(half == default ? "" : "\ufffd");
            half = letter;
            return;
        }

        if (half != default)
        {
            text.Append(char.IsLowSurrogate(letter) ? half.ToString() : "\ufffd");
            half = default;
        }

        text.Append(letter);
    }
}
