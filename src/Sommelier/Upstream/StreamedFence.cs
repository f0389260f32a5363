using System.Text;

namespace Sommelier.Upstream;

/// <summary>Takes the markdown fence off a text that comes in pieces, where <see cref="CodeFence"/> would take it off the whole.</summary>
/// <remarks>
/// Text is held back only while it may belong to a fence: at the beginning until the fence's line is over, and from then on what may
/// be its closing mark.
/// </remarks>
/// <param name="mayCome">Whether a fence is looked for; without, all text belongs to the answer.</param>
internal sealed class StreamedFence(bool mayCome)
{
    private const string Mark = "```";

    // A line with a language in it is shorter.
    private const int LongestLine = 64;

    private readonly StringBuilder held = new();

    /// <summary>Whether the text stands in a fence; null while that is not known.</summary>
    public bool? IsFenced { get; private set; } = mayCome ? null : false;

    /// <summary>How many letters of the text stand before what the fence holds.</summary>
    public int Cut { get; private set; }

    /// <summary>Takes a piece, and gives what of the text so far belongs to the answer; empty while all is held back.</summary>
    public string Add(string piece)
    {
        if (IsFenced == false)
        {
            return piece;
        }

        held.Append(piece);
        if (IsFenced is null)
        {
            Begin();
        }

        return IsFenced is null ? "" : Take(IsFenced == true ? Closing() : held.Length);
    }

    /// <summary>The text is over: gives what was held back and belongs to no fence.</summary>
    public string End()
    {
        if (IsFenced == true)
        {
            return "";
        }

        IsFenced = false;
        return Take(held.Length);
    }

    /// <summary>Whether the text so far ends with its fence's closing mark.</summary>
    public bool IsClosed => IsFenced == true && held.ToString().Trim() is Mark;

    private void Begin()
    {
        var text = held.ToString().TrimStart();
        if (!text.StartsWith(Mark, StringComparison.Ordinal))
        {
            IsFenced = text.Length == 0 || Mark.StartsWith(text, StringComparison.Ordinal) ? null : false;
            return;
        }

        var line = text.IndexOf('\n', StringComparison.Ordinal);
        var language = line < 0 ? text[Mark.Length..] : text[Mark.Length..line];
        if (language.Length > LongestLine || !language.AsSpan().Trim().ToString().All(char.IsAsciiLetterOrDigit))
        {
            IsFenced = false;
        }
        else if (line >= 0)
        {
            IsFenced = true;
            Cut = held.Length - text.Length + line + 1;
            held.Clear().Append(text, line + 1, text.Length - line - 1);
        }
    }

    // Where that begins which may be the fence's closing mark, with the white space around it.
    private int Closing()
    {
        var at = held.Length;
        at = Back(at, char.IsWhiteSpace, int.MaxValue);
        at = Back(at, static letter => letter == '`', Mark.Length);
        return Back(at, char.IsWhiteSpace, int.MaxValue);
    }

    private int Back(int at, Func<char, bool> isSuch, int most)
    {
        for (var i = 0; i < most && at > 0 && isSuch(held[at - 1]); i++)
        {
            at--;
        }

        return at;
    }

    private string Take(int length)
    {
        var text = held.ToString(0, length);
        held.Remove(0, length);
        return text;
    }
}
