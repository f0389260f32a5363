namespace Sommelier.Judging.Mathematics;

/// <content>Signs, blanks, units: what the grammar is made of.</content>
internal ref partial struct MathParser
{
    // Short units that stand without \text; a longer word after a blank is taken for a unit anyway.
    private static readonly HashSet<string> Units = new(StringComparer.OrdinalIgnoreCase) { "cm", "mm", "km", "in", "ft", "yd", "sq", "hr", "kg", "lb", "rad", "min", "sec", "mph", "lbs" };

    private const int LongWord = 4;

    // \text{ cm}^2 and bare units are dropped; a word alone is an answer.
    private void Unit()
    {
        while (!failed)
        {
            var before = at;
            Space();
            if (text[at..].StartsWith(@"\text") || text[at..].StartsWith(@"\mbox") || text[at..].StartsWith(@"\mathrm"))
            {
                ReadName();
                if (IsJoint(Content()))
                {
                    at = before;
                    return;
                }
            }
            else
            {
                var end = at;
                while (end < text.Length && char.IsAsciiLetter(text[end]))
                {
                    end++;
                }

                if (end == at || !(Units.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[at..end]) || (at > 0 && char.IsWhiteSpace(text[at - 1]) && end - at >= LongWord && !IsFunction() && !text[at..end].StartsWith("infin"))))
                {
                    at = before;
                    return;
                }

                at = end;
            }

            if (Take("^"))
            {
                Argument();
            }
        }
    }

    private bool TakeJoint()
    {
        var before = at;
        Space();
        if (text[at..].StartsWith(@"\text") || text[at..].StartsWith(@"\mbox"))
        {
            ReadName();
            if (IsJoint(Content()) && !failed)
            {
                return true;
            }
        }
        else
        {
            foreach (var word in (ReadOnlySpan<string>)["and ", "or "])
            {
                if (text[at..].StartsWith(word))
                {
                    at += word.Length;
                    return true;
                }
            }
        }

        at = before;
        return false;
    }

    private static bool IsJoint(string word) => word.Trim() is "and" or "or" or ", and" or ", or";

    // Whether a factor without a sign of multiplication follows; a number after another one is none.
    private bool Begins()
    {
        Space();
        if (at >= text.Length)
        {
            return false;
        }

        if (text[at] == '\\')
        {
            var rest = text[(at + 1)..];
            foreach (var command in (ReadOnlySpan<string>)["cup", "in", "le", "ge", "lt", "gt", "ne", "pm", "mp", "approx", "rfloor", "rceil", "rangle", "end", "cr", "text", "mbox", "}"])
            {
                if (rest.StartsWith(command) && (rest.Length == command.Length || !char.IsAsciiLetter(rest[command.Length]) || command is "le" or "ge" or "ne" or "text") && !rest.StartsWith("left") && !rest.StartsWith("int"))
                {
                    return false;
                }
            }

            return true;
        }

        var before = at;
        var joint = TakeJoint();
        at = before;
        return !joint && (char.IsLetter(text[at]) || text[at] is '(' or '{' || (char.IsAsciiDigit(text[at]) && at > 0 && !char.IsAsciiDigit(text[at - 1]) && text[at - 1] is ')' or '}'));
    }

    private bool Take(string sign)
    {
        Space();
        if (!text[at..].StartsWith(sign))
        {
            return false;
        }

        at += sign.Length;
        return true;
    }

    private bool TakeCommand(string name)
    {
        Space();
        var end = at + name.Length + 1;
        if (at >= text.Length || text[at] != '\\' || !text[(at + 1)..].StartsWith(name) || (end < text.Length && char.IsAsciiLetter(text[end])))
        {
            return false;
        }

        at = end;
        return true;
    }

    private readonly bool Peek(char letter) => at < text.Length && text[at] == letter;

    private void Space()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private bool Nest() => ++nested <= MostNested;

    private MathWord Fail()
    {
        failed = true;
        return new MathWord("");
    }
}
