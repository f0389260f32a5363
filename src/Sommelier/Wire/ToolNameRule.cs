namespace Sommelier.Wire;

/// <summary>What a format's vendors take as the name of a tool: ASCII letters and digits, and little else. They refuse other requests.</summary>
/// <param name="MaxLength">The most characters.</param>
/// <param name="Marks">What may stand beside letters and digits.</param>
/// <param name="LetterFirst">Whether the first character is a letter or an underscore.</param>
/// <remarks>Sources: the vendors' own words when they refuse a name (OpenAI and Gemini 64, Anthropic 128), AWS's API reference (64).</remarks>
public sealed record ToolNameRule(int MaxLength, string Marks = "_-", bool LetterFirst = false)
{
    /// <summary>Whether a name may be sent as it is.</summary>
    public bool Allows(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength || (LetterFirst && !IsFirst(name[0])))
        {
            return false;
        }

        foreach (var letter in name)
        {
            if (!IsAllowed(letter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a character may stand in a name.</summary>
    public bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || Marks.Contains(letter, StringComparison.Ordinal);

    /// <summary>Whether a character may begin a name, where <see cref="LetterFirst"/>.</summary>
    public static bool IsFirst(char letter) => char.IsAsciiLetter(letter) || letter == '_';
}
