namespace Sommelier.Evals.Text;

/// <summary>
/// How long statements are once every common table expression stands where it is named. SQLite copies them so before it looks at anything,
/// without a limit: a kilobyte of expressions that name each other twice would take all time and memory.
/// </summary>
internal static class SqlExpansion
{
    /// <summary>The longest that is compiled, in words and signs; without such expressions a text of 100,000 letters has no more.</summary>
    public const long Most = 500_000;

    // How long a chain of expressions that name each other may be: both this class and SQLite go down it on the stack.
    private const int MostDeep = 200;

    /// <summary>Words and signs of the statements; more where it cannot be told exactly, or where expressions name each other in a chain of more than 200.</summary>
    public static long Length(string sql)
    {
        var words = Words(sql);
        var expressions = Definitions(words).ToLookup(static one => one.Name, StringComparer.OrdinalIgnoreCase);
        return expressions.Count == 0 ? words.Count : Grown(words, 0, words.Count, expressions, new(StringComparer.OrdinalIgnoreCase), 0).Length;
    }

    // What a span of words grows to, and how long the longest chain below it is. A name within its own expression is itself, and is not copied.
    private static (long Length, int Chain) Grown(
        List<string> words, int from, int to, ILookup<string, (string Name, int From, int To)> expressions, Dictionary<string, (long Length, int Chain)> known, int level)
    {
        if (level > MostDeep)
        {
            return (Most + 1, 0);
        }

        long length = to - from;
        var chain = 0;
        for (var i = from; i < to; i++)
        {
            var named = i > 0 && words[i - 1].ToUpperInvariant() is "FROM" or "JOIN" or "," or "(" && expressions.Contains(words[i]);
            if (!named || (i + 1 < words.Count && words[i + 1] is "."))
            {
                continue;
            }

            if (!known.TryGetValue(words[i], out var size))
            {
                known[words[i]] = default;
                foreach (var one in expressions[words[i]])
                {
                    var grown = Grown(words, one.From, one.To, expressions, known, level + 1);
                    size = (size.Length + grown.Length, Math.Max(size.Chain, grown.Chain + 1));
                }

                known[words[i]] = size;
            }

            length = Math.Min(length + size.Length, Most + 1);
            chain = Math.Max(chain, size.Chain);
        }

        return chain > MostDeep ? (Most + 1, chain) : (length, chain);
    }

    // name AS (…), name (columns) AS (…), with or without [NOT] MATERIALIZED.
    private static List<(string Name, int From, int To)> Definitions(List<string> words)
    {
        var found = new List<(string, int, int)>();
        var (closes, opens) = Brackets(words);
        for (var i = 1; i < words.Count; i++)
        {
            if (!words[i].Equals("AS", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var body = i + 1;
            while (body < words.Count && words[body].ToUpperInvariant() is "NOT" or "MATERIALIZED")
            {
                body++;
            }

            var name = words[i - 1] is ")" ? opens[i - 1] - 1 : i - 1;
            if (body < words.Count && words[body] is "(" && name >= 0)
            {
                found.Add((words[name], body, closes[body] < 0 ? words.Count : closes[body]));
            }
        }

        return found;
    }

    private static (int[] Closes, int[] Opens) Brackets(List<string> words)
    {
        int[] closes = [.. Enumerable.Repeat(-1, words.Count)], opens = [.. closes];
        var open = new Stack<int>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] is "(")
            {
                open.Push(i);
            }
            else if (words[i] is ")" && open.TryPop(out var start))
            {
                (closes[start], opens[i]) = (i, start);
            }
        }

        return (closes, opens);
    }

    // Names lose their quotes, comments are left out.
    private static List<string> Words(string sql)
    {
        var words = new List<string>();
        for (var at = 0; at < sql.Length;)
        {
            var letter = sql[at];
            var rest = sql.AsSpan(at);
            if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (rest.StartsWith("--") || rest.StartsWith("/*"))
            {
                var (mark, skip) = letter == '-' ? ("\n", 2) : ("*/", 2);
                at = sql.IndexOf(mark, at + skip, StringComparison.Ordinal) is >= 0 and var end ? end + mark.Length : sql.Length;
            }
            else if (letter is '"' or '\'' or '`' or '[')
            {
                var end = sql.IndexOf(letter == '[' ? ']' : letter, at + 1);
                end = end < 0 ? sql.Length : end;
                words.Add(sql[(at + 1)..end]);
                at = end + 1;
            }
            else
            {
                var end = at;
                while (end < sql.Length && (char.IsAsciiLetterOrDigit(sql[end]) || sql[end] is '_' or '$' or > '\u007f'))
                {
                    end++;
                }

                end = Math.Max(end, at + 1);
                words.Add(sql[at..end]);
                at = end;
            }
        }

        return words;
    }
}
