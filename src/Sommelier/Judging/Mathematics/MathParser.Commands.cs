using System.Globalization;

namespace Sommelier.Judging.Mathematics;

/// <content>What LaTeX writes with a backslash: named signs, roots, functions, matrices.</content>
internal ref partial struct MathParser
{
    private MathNode Command()
    {
        if (at + 1 < text.Length && text[at + 1] == '{')
        {
            at += 2;
            brackets++;
            var items = Items();
            brackets--;
            return Take(@"\}") ? new MathGroup(MathGroupKind.Unordered, items) : Fail();
        }

        return Named(ReadName());
    }

    private string ReadName()
    {
        var start = ++at;
        while (at < text.Length && char.IsAsciiLetter(text[at]))
        {
            at++;
        }

        return text[start..at].ToString();
    }

    private MathNode Named(string name)
    {
        switch (name)
        {
            case "frac":
                return new MathCall("/", [Argument(), Argument()]);
            case "binom" or "dbinom" or "tbinom":
                return new MathCall("binom", [Argument(), Argument()]);
            case "sqrt":
                return Take("[") ? Root() : new MathCall("sqrt", [Argument()]);
            case "infty" or "infinity" or "inf" or "oo":
                return new MathVariable("infty");
            case "lfloor":
                return Until("rfloor", "floor");
            case "lceil":
                return Until("rceil", "ceil");
            case "langle":
                brackets++;
                var items = Items();
                brackets--;
                return TakeCommand("rangle") ? new MathGroup(MathGroupKind.Ordered, items, "()") : Fail();
            case "emptyset" or "varnothing":
                return new MathGroup(MathGroupKind.Unordered, []);
            case "text" or "mbox" or "textbf" or "textit" or "textrm" or "mathrm" or "mathbf" or "operatorname":
                return new MathWord(Content());
            case "begin":
                return Matrix();
            case "":
                return Fail();
            default:
                return MathFunctions.Names.Contains(name) ? Function(name) : Variable(name);
        }
    }

    private MathNode Until(string close, string function)
    {
        var inner = Sum();
        return TakeCommand(close) ? new MathCall(function, [inner]) : Fail();
    }

    private MathNode Root()
    {
        var index = Sum();
        return Take("]") ? new MathCall("root", [index, Argument()]) : Fail();
    }

    private MathNode Function(string name)
    {
        var @base = name is "log" && Take("_") ? Argument() : null;
        var power = Take("^") ? Argument() : null;
        Space();
        var of = at < text.Length && text[at] is '(' or '{' ? Primary() : Factors();
        MathNode call = @base is null ? new MathCall(name, [of]) : new MathCall("logbase", [@base, of]);
        return power is null ? call : new MathCall("^", [call, power]);
    }

    // sin 2x is of 2x; sin x cos x is a product.
    private MathNode Factors()
    {
        var of = Signed();
        while (!failed && Begins() && !IsFunction())
        {
            of = new MathCall("*", [of, Power()]);
        }

        return of;
    }

    private readonly bool IsFunction()
    {
        var rest = text[at..].TrimStart('\\');
        var end = 0;
        while (end < rest.Length && char.IsAsciiLetter(rest[end]))
        {
            end++;
        }

        return MathFunctions.Names.Contains(rest[..end].ToString());
    }

    private MathNode Matrix()
    {
        var kind = Content();
        var rows = new List<MathNode>();
        var row = new List<MathNode>();
        while (!failed)
        {
            row.Add(Relation());
            if (Take("&"))
            {
                continue;
            }

            rows.Add(new MathGroup(MathGroupKind.Ordered, row, "()"));
            row = [];
            var more = TakeCommand("cr");
            if (TakeCommand("end"))
            {
                return string.Equals(Content(), kind, StringComparison.Ordinal) && kind.EndsWith("matrix", StringComparison.Ordinal) ? new MathGroup(MathGroupKind.Matrix, rows) : Fail();
            }

            failed |= !more;
        }

        return Fail();
    }

    // What stands in braces, as it is.
    private string Content()
    {
        Space();
        var start = at + 1;
        var depth = 0;
        for (; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth <= 0)
            {
                break;
            }
        }

        if (at >= text.Length || start > at)
        {
            Fail();
            return "";
        }

        return text[start..at++].ToString();
    }

    // A command's or a power's argument: a group in braces, or one sign.
    private MathNode Argument()
    {
        Space();
        if (at >= text.Length)
        {
            return Fail();
        }

        if (char.IsAsciiDigit(text[at]))
        {
            return new MathNumber(Fraction.Of(int.Parse(text.Slice(at++, 1), CultureInfo.InvariantCulture), 1)!.Value);
        }

        return text[at] == '-' ? Signed() : Primary();
    }
}
