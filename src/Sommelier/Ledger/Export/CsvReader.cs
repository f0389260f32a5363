using System.Text;

namespace Sommelier.Ledger.Export;

/// <summary>Reads comma-separated values of RFC 4180, with any line ends, and says in which line a row begins.</summary>
internal sealed class CsvReader(TextReader input)
{
    private readonly StringBuilder field = new();
    private int line = 1;

    /// <summary>The line in which the last row began, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next row, or null at the end; empty lines are passed over.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public List<string>? Next()
    {
        while (input.Peek() is '\r' or '\n')
        {
            Count(input.Read());
        }

        if (input.Peek() < 0)
        {
            return null;
        }

        Line = line;
        List<string> row = [];
        while (true)
        {
            row.Add(Field());
            switch (Count(input.Read()))
            {
                case ',':
                    continue;
                case '\r' when input.Peek() == '\n':
                    Count(input.Read());
                    return row;
                default:
                    return row;
            }
        }
    }

    private string Field()
    {
        field.Clear();
        if (input.Peek() == '"')
        {
            Count(input.Read());
            while (true)
            {
                var c = Count(input.Read());
                if (c < 0)
                {
                    throw new FormatException($"Line {Line}: a quote is not closed.");
                }

                if (c == '"')
                {
                    if (input.Peek() != '"')
                    {
                        break;
                    }

                    Count(input.Read());
                }

                field.Append((char)c);
            }
        }

        while (input.Peek() is not (< 0 or ',' or '\r' or '\n'))
        {
            field.Append((char)input.Read());
        }

        return field.ToString();
    }

    private int Count(int c)
    {
        if (c == '\n')
        {
            line++;
        }

        return c;
    }
}
