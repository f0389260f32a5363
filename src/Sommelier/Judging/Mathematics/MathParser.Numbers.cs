using System.Text;

namespace Sommelier.Judging.Mathematics;

/// <content>Numbers: decimals, thousands with commas, mixed fractions, digits to another base.</content>
internal ref partial struct MathParser
{
    private MathNode Number()
    {
        var digits = new StringBuilder();
        Digits(digits);
        while (brackets == 0 && at + 3 < text.Length && text[at] == ',' && IsGroup(at + 1))
        {
            at++;
            Digits(digits);
        }

        var whole = true;
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            whole = false;
            digits.Append('.');
            at++;
            Digits(digits);
        }
        else if (at + 1 == text.Length && text[at] == '.')
        {
            at++;
        }

        if (Fraction.Parse(digits.ToString()) is not { } value)
        {
            return Fail();
        }

        MathNode number = new MathNumber(value);
        if (Peek('_'))
        {
            at++;
            return new MathCall("base", [number, Argument()]);
        }

        return whole && Mixed() is { } part ? new MathCall("+", [number, part]) : number;
    }

    private readonly bool IsGroup(int from) =>
        from + 2 < text.Length && char.IsAsciiDigit(text[from]) && char.IsAsciiDigit(text[from + 1]) && char.IsAsciiDigit(text[from + 2]) && (from + 3 == text.Length || !char.IsAsciiDigit(text[from + 3]));

    private void Digits(StringBuilder digits)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            digits.Append(text[at++]);
        }
    }

    // The fraction of a mixed number: 1\frac{4}{5}, 1 4/5.
    private MathCall? Mixed()
    {
        var before = at;
        Space();
        if (text[at..].StartsWith(@"\frac"))
        {
            at += @"\frac".Length;
            var (upper, lower) = (Argument(), Argument());
            if (!failed && upper is MathNumber && lower is MathNumber)
            {
                return new MathCall("/", [upper, lower]);
            }

            failed = false;
        }
        else if (at > before && at < text.Length && char.IsAsciiDigit(text[at]))
        {
            var (upper, lower) = (new StringBuilder(), new StringBuilder());
            Digits(upper);
            if (at < text.Length && text[at] == '/')
            {
                at++;
                Digits(lower);
                if (lower.Length > 0 && Fraction.Parse(upper.ToString()) is { } left && Fraction.Parse(lower.ToString()) is { } right)
                {
                    return new MathCall("/", [new MathNumber(left), new MathNumber(right)]);
                }
            }
        }

        at = before;
        return null;
    }
}
