using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Templates;

/// <summary>An expression of a template: names, paths, texts, numbers, comparisons, <c>and</c>, <c>or</c>, <c>not</c>, <c>+</c>, <c>~</c>, <c>a if b else c</c>, and filters.</summary>
/// <remarks>A recursive descent over the text itself; a name without a value is undefined, which is null here and prints nothing, as Nunjucks has it.</remarks>
internal sealed class TemplateExpression(string text, IReadOnlyDictionary<string, JsonNode?> names)
{
    private int at;
    private int depth;

    /// <summary>The value of a whole expression.</summary>
    /// <exception cref="TemplateException">It says something that is not known here.</exception>
    public static JsonNode? Value(string text, IReadOnlyDictionary<string, JsonNode?> names)
    {
        var expression = new TemplateExpression(text, names);
        var value = expression.Choice();
        return expression.Blank() < text.Length ? throw new TemplateException($"'{text[expression.at..].Trim()}' cannot be read") : value;
    }

    /// <summary>Whether a value counts as yes, as JavaScript has it.</summary>
    public static bool IsTrue(JsonNode? value) => value switch
    {
        null => false,
        JsonValue single => single.GetValueKind() switch
        {
            JsonValueKind.False => false,
            JsonValueKind.String => single.GetValue<string>().Length > 0,
            JsonValueKind.Number => Number(single) != 0,
            _ => true,
        },
        _ => true,
    };

    private JsonNode? Choice()
    {
        if (++depth > 64)
        {
            throw new TemplateException("the expression is nested too deep");
        }

        var value = Or();
        if (Word("if"))
        {
            var condition = Or();
            var other = Word("else") ? Choice() : null;
            value = IsTrue(condition) ? value : other;
        }

        depth--;
        return value;
    }

    private JsonNode? Or()
    {
        var value = And();
        while (Word("or"))
        {
            var other = And();
            value = IsTrue(value) ? value : other;
        }

        return value;
    }

    private JsonNode? And()
    {
        var value = Not();
        while (Word("and"))
        {
            var other = Not();
            value = IsTrue(value) ? other : value;
        }

        return value;
    }

    private JsonNode? Not()
    {
        var times = 0;
        while (Word("not"))
        {
            times++;
        }

        var value = Comparison();
        return times == 0 ? value : JsonValue.Create(IsTrue(value) == (times % 2 == 0));
    }

    private JsonNode? Comparison()
    {
        var value = Sum();
        foreach (var sign in (ReadOnlySpan<string>)["===", "!==", "==", "!=", "<=", ">=", "<", ">"])
        {
            if (Sign(sign))
            {
                var other = Sum();
                return JsonValue.Create(sign[0] switch
                {
                    '=' => Same(value, other),
                    '!' => !Same(value, other),
                    '<' => sign.Length == 2 ? Order(value, other) <= 0 : Order(value, other) < 0,
                    _ => sign.Length == 2 ? Order(value, other) >= 0 : Order(value, other) > 0,
                });
            }
        }

        if (Word("in"))
        {
            return JsonValue.Create(Sum() switch
            {
                JsonArray list => list.Any(item => Same(item, value)),
                JsonObject map => map.ContainsKey(Printed(value)),
                var whole => Printed(whole).Contains(Printed(value), StringComparison.Ordinal),
            });
        }

        return value;
    }

    private JsonNode? Sum()
    {
        var value = Filtered();
        while (true)
        {
            if (Sign("~"))
            {
                value = TemplateValue.Joined(Printed(value), Printed(Filtered()));
            }
            else if (Sign("+"))
            {
                var other = Filtered();
                value = IsNumber(value) && IsNumber(other) ? TemplateValue.Of(Number(value!) + Number(other!)) : TemplateValue.Joined(Printed(value), Printed(other));
            }
            else if (Sign("-"))
            {
                var other = Filtered();
                value = IsNumber(value) && IsNumber(other) ? TemplateValue.Of(Number(value!) - Number(other!)) : throw new TemplateException("'-' stands between what are no numbers");
            }
            else
            {
                return value;
            }
        }
    }

    private JsonNode? Filtered()
    {
        var value = Path();
        while (Sign("|"))
        {
            var name = Name() ?? throw new TemplateException("a filter has no name");
            value = TemplateFilters.Apply(name, value, Sign("(") ? Arguments() : []);
        }

        return value;
    }

    private JsonNode? Path()
    {
        var value = Single();
        while (at < text.Length)
        {
            if (text[at] == '.' && at + 1 < text.Length && (char.IsLetter(text[at + 1]) || text[at + 1] == '_'))
            {
                at++;
                value = Member(value, Name()!);
            }
            else if (text[at] == '[')
            {
                at++;
                var key = Choice();
                Demand("]");
                value = Member(value, Printed(key));
            }
            else if (text[at] == '(')
            {
                throw new TemplateException("functions are not called here");
            }
            else
            {
                break;
            }
        }

        return value;
    }

    private JsonNode? Single()
    {
        if (Blank() >= text.Length)
        {
            throw new TemplateException("an expression is missing");
        }

        if (Sign("("))
        {
            var inner = Choice();
            Demand(")");
            return inner;
        }

        if (Sign("["))
        {
            return TemplateValue.ListOf(List("]"));
        }

        if (text[at] is '"' or '\'')
        {
            return JsonValue.Create(Quoted(text[at]));
        }

        if (char.IsAsciiDigit(text[at]) || (text[at] == '-' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
        {
            var from = at++;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
            {
                at++;
            }

            return double.TryParse(text.AsSpan(from, at - from), CultureInfo.InvariantCulture, out var number) ? TemplateValue.Of(number) : throw new TemplateException($"'{text[from..at]}' is no number");
        }

        return Name() switch
        {
            null => throw new TemplateException($"'{text[at..].Trim()}' cannot be read"),
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            "none" or "null" or "undefined" => null,
            "env" => throw new TemplateException("'env' is the environment, which a suite does not read"),
            var name => names.GetValueOrDefault(name),
        };
    }

    private List<JsonNode?> Arguments() => List(")");

    private List<JsonNode?> List(string end)
    {
        var items = new List<JsonNode?>();
        while (!Sign(end))
        {
            items.Add(Choice());
            if (!Sign(","))
            {
                Demand(end);
                break;
            }
        }

        return items;
    }

    private string Quoted(char mark)
    {
        var result = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != mark; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                result.Append(text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
            }
            else
            {
                result.Append(text[at]);
            }
        }

        if (at++ >= text.Length)
        {
            throw new TemplateException("a text has no end");
        }

        return result.ToString();
    }

    private string? Name()
    {
        var from = Blank();
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$') && !(at == from && char.IsDigit(text[at])))
        {
            at++;
        }

        return at == from ? null : text[from..at];
    }

    private bool Word(string word)
    {
        Blank();
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0 || (at + word.Length < text.Length && (char.IsLetterOrDigit(text[at + word.Length]) || text[at + word.Length] == '_')))
        {
            return false;
        }

        at += word.Length;
        return true;
    }

    private bool Sign(string sign)
    {
        Blank();
        if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0)
        {
            return false;
        }

        at += sign.Length;
        return true;
    }

    private void Demand(string sign)
    {
        if (!Sign(sign))
        {
            throw new TemplateException($"'{sign}' is missing");
        }
    }

    private int Blank()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>What a value looks like in a text, as JavaScript writes it.</summary>
    public static string Printed(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join(',', list.Select(Printed)),
        JsonObject => "[object Object]",
        _ when IsNumber(value) => Number(value).ToString("R", CultureInfo.InvariantCulture),
        _ => JsonTexts.Of(value),
    };

    private static JsonNode? Member(JsonNode? whole, string key) => whole switch
    {
        JsonObject map => map[key],
        JsonArray list when key is "length" => JsonValue.Create(list.Count),
        JsonArray list => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count ? list[index] : null,
        JsonValue text when key is "length" && text.GetValueKind() == JsonValueKind.String => JsonValue.Create(text.GetValue<string>().Length),
        _ => null,
    };

    private static bool Same(JsonNode? left, JsonNode? right) => IsNumber(left) && IsNumber(right) ? Number(left!) == Number(right!) : string.Equals(Printed(left), Printed(right), StringComparison.Ordinal);

    private static int Order(JsonNode? left, JsonNode? right) => IsNumber(left) && IsNumber(right) ? Number(left!).CompareTo(Number(right!)) : string.CompareOrdinal(Printed(left), Printed(right));

    private static bool IsNumber(JsonNode? value) => value is JsonValue single && single.GetValueKind() == JsonValueKind.Number;

    // A node made from a number keeps that number's type; one that was read takes any.
    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}

/// <summary>A template says what cannot be rendered here; the message is a clause without a full stop.</summary>
internal sealed class TemplateException(string message) : Exception(message);
