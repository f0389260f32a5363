namespace Sommelier.Routing;

/// <summary>Cuts a condition into words, numbers, texts and signs.</summary>
internal ref struct ConditionLexer(string text)
{
    private int at;

    /// <summary>The next piece; one of kind <see cref="ConditionTokenKind.End"/> when there is none.</summary>
    public ConditionToken Next()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        var start = at;
        if (at == text.Length)
        {
            return new(ConditionTokenKind.End, "", start);
        }

        var letter = text[at];
        if (letter is '"' or '\'')
        {
            return Quoted(letter);
        }

        if (char.IsLetterOrDigit(letter) || letter == '_')
        {
            return Word();
        }

        var two = at + 1 < text.Length ? text.AsSpan(at, 2) : "";
        at += two is "==" or "!=" or "<=" or ">=" or ".." ? 2 : 1;
        var sign = text[start..at];
        return sign is "==" or "!=" or "<=" or ">=" or ".." or "<" or ">" or "(" or ")" or "[" or "]" or ","
            ? new(ConditionTokenKind.Sign, sign, start)
            : throw Unknown(sign, start);
    }

    private static ConditionException Unknown(string sign, int start) => sign switch
    {
        "=" => new(new(start + 1, "'=' compares nothing", "Write ==")),
        "&" or "|" or "!" => new(new(start + 1, $"'{sign}' is not known here", "Write and, or, not")),
        _ => new(new(start + 1, $"'{sign}' is not known here", "Put texts between quotes")),
    };

    private ConditionToken Quoted(char quote)
    {
        var start = at;
        var end = text.IndexOf(quote, at + 1);
        if (end < 0)
        {
            throw new ConditionException(new(start + 1, "a text has no closing quote", $"Add {quote}"));
        }

        at = end + 1;
        return new(ConditionTokenKind.Text, text[(start + 1)..end], start);
    }

    // A word may have dots, dashes, slashes and colons inside, as model names and times do; two dots make a range.
    private ConditionToken Word()
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-' or '/' or ':' or '%' || IsInnerDot()))
        {
            at++;
        }

        return new(ConditionTokenKind.Word, text[start..at], start);
    }

    private readonly bool IsInnerDot() => text[at] == '.' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]);
}

internal enum ConditionTokenKind
{
    /// <summary>A name, a keyword, a number or a time: letters without quotes.</summary>
    Word,

    /// <summary>Something between quotes.</summary>
    Text,

    /// <summary>An operator or a bracket.</summary>
    Sign,

    /// <summary>Nothing more.</summary>
    End,
}

/// <summary>A piece of a condition.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its letters, without quotes.</param>
/// <param name="Start">Where it begins, from 0.</param>
internal readonly record struct ConditionToken(ConditionTokenKind Kind, string Text, int Start)
{
    public bool Is(string word) => Kind is ConditionTokenKind.Word or ConditionTokenKind.Sign && string.Equals(Text, word, StringComparison.Ordinal);

    public override string ToString() => Kind == ConditionTokenKind.End ? "the end" : $"'{Text}'";
}
