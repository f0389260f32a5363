namespace Sommelier.Judging.Mathematics;

/// <summary>Reads a final answer in LaTeX or plain text: numbers, expressions, pairs, intervals, sets, matrices, equations.</summary>
/// <remarks>One pass, no backtracking beyond a token; nesting and length are bounded, so any text is read or refused at once.</remarks>
internal ref partial struct MathParser
{
    private const int MostLetters = 2_000;
    private const int MostNested = 60;

    private readonly ReadOnlySpan<char> text;
    private int at;
    private int nested;
    private bool failed;

    // Within brackets a comma parts items, never thousands: (100,200).
    private int brackets;

    private MathParser(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>The answer; null when it is none that this can read.</summary>
    public static MathNode? Parse(string normalized)
    {
        if (normalized.Length is 0 or > MostLetters)
        {
            return null;
        }

        var parser = new MathParser(normalized);
        var node = parser.List();
        parser.Space();
        return parser.failed || parser.at < normalized.Length ? null : node;
    }

    private MathNode List()
    {
        var items = Items();
        return items.Count == 1 ? items[0] : new MathGroup(MathGroupKind.Unordered, items);
    }

    private List<MathNode> Items()
    {
        var items = new List<MathNode> { Relation() };
        while (!failed && (Take(",") || Take(";") || TakeJoint()))
        {
            // Of "a, and b" the word is one joint with the comma.
            TakeJoint();
            items.Add(Relation());
        }

        return items;
    }

    private MathNode Relation()
    {
        var sides = new List<MathNode> { Union() };
        var signs = "";
        while (!failed)
        {
            var sign = TakeCommand("in") ? "∈" : TakeCommand("le") || TakeCommand("leq") || TakeCommand("leqslant") || Take("<=") ? "≤" : TakeCommand("ge") || TakeCommand("geq") || TakeCommand("geqslant") || Take(">=") ? "≥"
                : TakeCommand("neq") || TakeCommand("ne") ? "≠" : TakeCommand("approx") || Take("=") ? "=" : TakeCommand("lt") || Take("<") ? "<" : TakeCommand("gt") || Take(">") ? ">" : null;
            if (sign is null)
            {
                break;
            }

            signs += sign;
            sides.Add(Union());
        }

        return sides.Count == 1 ? sides[0] : new MathGroup(MathGroupKind.Relation, sides, signs);
    }

    private MathNode Union()
    {
        var sets = new List<MathNode> { Sum() };
        while (TakeCommand("cup"))
        {
            sets.Add(Sum());
        }

        return sets.Count == 1 ? sets[0] : new MathGroup(MathGroupKind.Union, sets);
    }

    private MathNode Sum()
    {
        var sum = Product();
        while (!failed)
        {
            var sign = Take("+") ? "+" : Take("-") ? "-" : TakeCommand("pm") ? MathCall.PlusMinus : TakeCommand("mp") ? MathCall.MinusPlus : null;
            if (sign is null)
            {
                break;
            }

            sum = new MathCall(sign, [sum, Product()]);
        }

        return sum;
    }

    private MathNode Product()
    {
        var product = Signed();
        while (!failed)
        {
            Unit();
            if (TakeCommand("cdot") || TakeCommand("times") || Take("*"))
            {
                product = new MathCall("*", [product, Signed()]);
            }
            else if (TakeCommand("div") || Take("/"))
            {
                product = new MathCall("/", [product, Signed()]);
            }
            else if (Begins())
            {
                product = new MathCall("*", [product, Power()]);
            }
            else
            {
                break;
            }
        }

        return product;
    }

    private MathNode Signed()
    {
        if (!Nest())
        {
            return Fail();
        }

        var node = Take("-") ? new MathCall("neg", [Signed()])
            : Take("+") ? Signed()
            : TakeCommand("pm") ? new MathCall(MathCall.PlusMinus, [new MathNumber(Fraction.Zero), Signed()])
            : Power();
        nested--;
        return node;
    }

    private MathNode Power()
    {
        var power = Primary();
        while (!failed)
        {
            if (Take("!"))
            {
                power = new MathCall("!", [power]);
            }
            else if (Take("^"))
            {
                power = new MathCall("^", [power, Argument()]);
            }
            else
            {
                break;
            }
        }

        return power;
    }

    private MathNode Primary()
    {
        Space();
        if (!Nest())
        {
            return Fail();
        }

        var letter = at < text.Length ? text[at] : '\0';
        var node = char.IsAsciiDigit(letter) || (letter == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])) ? Number()
            : letter is '(' or '[' ? Bracketed()
            : letter == '{' ? Braced()
            : letter == '|' ? Absolute()
            : letter == '\\' ? Command()
            : char.IsLetter(letter) ? Letters()
            : Fail();
        nested--;
        return node;
    }

    private MathNode Bracketed()
    {
        var open = text[at++];
        brackets++;
        var items = Items();
        brackets--;
        Space();
        if (at >= text.Length || text[at] is not (')' or ']'))
        {
            return Fail();
        }

        var close = text[at++];
        return items.Count == 1 ? items[0] : new MathGroup(MathGroupKind.Ordered, items, $"{open}{close}");
    }

    private MathNode Braced()
    {
        at++;
        var inner = List();
        return Take("}") ? inner : Fail();
    }

    private MathNode Absolute()
    {
        at++;
        var inner = Sum();
        return Take("|") ? new MathCall("abs", [inner]) : Fail();
    }

    private MathNode Letters()
    {
        var end = at;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        var word = text[at..end].ToString();
        if (word is "sqrt" or "pi" or "infinity" or "inf" or "oo" || MathFunctions.Names.Contains(word))
        {
            at = end;
            return Named(word);
        }

        at++;
        return Variable(word[..1]);
    }

    private MathVariable Variable(string name)
    {
        if (!Peek('_'))
        {
            return new MathVariable(name);
        }

        at++;
        var start = at;
        Argument();
        return new MathVariable($"{name}_{text[start..Math.Min(at, text.Length)].Trim("{} ")}");
    }
}
