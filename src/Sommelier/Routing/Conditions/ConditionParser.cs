namespace Sommelier.Routing;

/// <summary>Reads a condition by descent, or loosest, not tightest; types are checked as it goes.</summary>
/// <remarks>
/// <code>
/// or    = and { "or" and }
/// and   = not { "and" not }
/// not   = "not" not | "(" or ")" | "true" | "false" | check
/// check = FLAG | FIELD ("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "like") VALUE
///       | FIELD ["not"] "in" ( "[" VALUE { "," VALUE } "]" | VALUE ".." VALUE ) | FIELD ["not"] "has" VALUE
/// </code>
/// </remarks>
internal ref struct ConditionParser
{
    private const int MaxDepth = 32;

    private ConditionLexer lexer;
    private ConditionToken token;
    private int depth;

    public ConditionParser(string text)
    {
        if (text.Length > Condition.MaxLength)
        {
            throw new ConditionException(new(1, $"the condition has {text.Length} letters; the limit is {Condition.MaxLength}", "Split the rule into several"));
        }

        lexer = new(text);
        token = lexer.Next();
    }

    public ConditionNode Parse()
    {
        var condition = Or();
        return token.Kind == ConditionTokenKind.End
            ? condition
            : throw Wrong($"{token} stands where 'and', 'or' or the end was expected", "Join two conditions with and, or or");
    }

    private ConditionNode Or()
    {
        var left = And();
        while (Take("or"))
        {
            left = new OrNode(left, And());
        }

        return left;
    }

    private ConditionNode And()
    {
        var left = Not();
        while (Take("and"))
        {
            left = new AndNode(left, Not());
        }

        return left;
    }

    private ConditionNode Not()
    {
        if (++depth > MaxDepth)
        {
            throw Wrong($"the nesting is deeper than {MaxDepth} levels", "Make it flatter");
        }

        ConditionNode node;
        if (Take("not"))
        {
            node = new NotNode(Not());
        }
        else if (Take("("))
        {
            node = Or();
            Expect(")");
        }
        else if (token.Is("true") || token.Is("false"))
        {
            node = new ConstantNode(Next().Text is "true");
        }
        else
        {
            node = Check();
        }

        depth--;
        return node;
    }

    private ConditionNode Check()
    {
        var name = Next();
        var field = name.Kind == ConditionTokenKind.Word ? ConditionFields.Find(name.Text) : null;
        if (field is null)
        {
            throw Unknown(name);
        }

        if (field is FlagField flag)
        {
            return token.Kind == ConditionTokenKind.Sign && token.Text is not ")"
                ? throw Wrong($"'{flag.Name}' is true or false and is compared with nothing", $"Write {flag.Name}, or not {flag.Name}")
                : new FlagNode(flag);
        }

        var operation = Next();
        var negated = operation.Is("not") || operation.Is("!=");
        operation = operation.Is("not") ? Next() : operation;
        var node = operation switch
        {
            { Kind: ConditionTokenKind.Sign, Text: "==" or "!=" } => Equal(field),
            { Kind: ConditionTokenKind.Sign, Text: "<" or "<=" or ">" or ">=" } => Compared(field, operation),
            { Kind: ConditionTokenKind.Word, Text: "in" } => In(field),
            { Kind: ConditionTokenKind.Word, Text: "has" } => Has(field, operation),
            { Kind: ConditionTokenKind.Word, Text: "like" } => Like(field, operation),
            _ => throw Wrong($"{operation} stands where a comparison was expected", Usage(field), operation),
        };
        return negated ? new NotNode(node) : node;
    }

    private ConditionNode Equal(ConditionField field) => field switch
    {
        NumberField number => new NumberNode(number, Bounds.Of("==", ConditionValues.Number(Next()))),
        TimeField time => new TimeNode(time, Bounds.Of("==", ConditionValues.Time(Next()))),
        WordField word => new WordNode(word, [ConditionValues.Word(Next(), word.Words)]),
        _ => throw Wrong($"'{field.Name}' may hold several values", Usage(field)),
    };

    private ConditionNode Compared(ConditionField field, ConditionToken operation) => field switch
    {
        NumberField number => new NumberNode(number, Bounds.Of(operation.Text, ConditionValues.Number(Next()))),
        TimeField time => new TimeNode(time, Bounds.Of(operation.Text, ConditionValues.Time(Next()))),
        WordField { Ordered: true } word => new OrderedWordNode(word, Bounds.Of(operation.Text, Place(word, ConditionValues.Word(Next(), word.Words)))),
        _ => throw Wrong($"'{field.Name}' has no order", Usage(field), operation),
    };

    private ConditionNode In(ConditionField field)
    {
        switch (field)
        {
            case NumberField number:
                var low = ConditionValues.Number(Next());
                Expect("..");
                return new NumberNode(number, new(low, ConditionValues.Number(Next())));
            case TimeField time:
                var begin = ConditionValues.Time(Next());
                Expect("..");
                return new TimeNode(time, new(begin, ConditionValues.Time(Next()), OpenHigh: true));
            case WordField word:
                return new WordNode(word, List(word));
            default:
                throw Wrong($"'{field.Name}' may hold several values", Usage(field));
        }
    }

    private string[] List(WordField field)
    {
        Expect("[");
        var words = new List<string> { ConditionValues.Word(Next(), field.Words) };
        while (Take(","))
        {
            words.Add(ConditionValues.Word(Next(), field.Words));
        }

        Expect("]");
        return [.. words];
    }

    private HasNode Has(ConditionField field, ConditionToken operation) => field is WordsField words
        ? new(words, ConditionValues.Word(Next(), words.Words))
        : throw Wrong($"'{field.Name}' holds one value only", Usage(field), operation);

    private PatternNode Like(ConditionField field, ConditionToken operation) => field is WordField { Words.Count: 0 } word
        ? new(word, ConditionValues.Word(Next(), []))
        : throw Wrong($"'{field.Name}' is not free text", Usage(field), operation);

    private static string Usage(ConditionField field) => field switch
    {
        NumberField => $"Write {field.Name} > 1000, or {field.Name} in 1k..20k",
        TimeField => $"Write {field.Name} in 22:00..06:00",
        WordsField => $"Write {field.Name} has NAME",
        WordField { Words.Count: 0 } => $"Write {field.Name} == NAME, {field.Name} in [NAME, NAME] or {field.Name} like \"NAME*\"",
        WordField word => $"Write {field.Name} == {word.Words[0]}, or {field.Name} in [{word.Words[0]}, {word.Words[1]}]",
        _ => $"Write {field.Name}",
    };

    private static int Place(WordField field, string word) => field.Words.TakeWhile(other => !string.Equals(other, word, StringComparison.Ordinal)).Count();

    private static ConditionException Unknown(ConditionToken name)
    {
        if (name.Kind != ConditionTokenKind.Word)
        {
            return Wrong($"{name} stands where a field was expected", $"Begin with one of {string.Join(", ", ConditionFields.Names)}", name);
        }

        return Wrong($"there is no field {name}", ConditionValues.Remedy(name.Text, ConditionFields.Names), name);
    }

    private ConditionToken Next()
    {
        var taken = token;
        token = lexer.Next();
        return taken;
    }

    private bool Take(string word)
    {
        if (!token.Is(word))
        {
            return false;
        }

        token = lexer.Next();
        return true;
    }

    private void Expect(string sign)
    {
        if (!Take(sign))
        {
            throw Wrong($"{token} stands where '{sign}' was expected", $"Add {sign}");
        }
    }

    private readonly ConditionException Wrong(string what, string remedy) => Wrong(what, remedy, token);

    private static ConditionException Wrong(string what, string remedy, ConditionToken at) => new(new(at.Start + 1, what, remedy));
}
