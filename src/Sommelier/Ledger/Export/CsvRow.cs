using System.Globalization;

namespace Sommelier.Ledger.Export;

/// <summary>Writes rows of comma-separated values as RFC 4180 has them: CRLF, quotes where they are needed.</summary>
/// <remarks>
/// A text that callers wrote and that a spreadsheet would take for a formula (it begins with = + - @ or a tab) gets an
/// apostrophe before it: whoever opens the file must not run what a stranger put into a model's name.
/// </remarks>
internal sealed class CsvRow(TextWriter output)
{
    private bool begun;

    /// <summary>Adds a field; null is an empty one.</summary>
    public CsvRow Add(string? text)
    {
        Separate();
        if (text is null or "")
        {
            return this;
        }

        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            text = "'" + text;
        }

        output.Write(text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
        return this;
    }

    /// <summary>Adds a number; null is an empty field.</summary>
    public CsvRow Add<T>(T? number)
        where T : struct, IFormattable
    {
        Separate();
        output.Write(number?.ToString(null, CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Adds a yes or a no.</summary>
    public CsvRow Add(bool flag) => Add(flag ? "true" : "false");

    /// <summary>Ends the row.</summary>
    public void End()
    {
        output.Write("\r\n");
        begun = false;
    }

    private void Separate()
    {
        if (begun)
        {
            output.Write(',');
        }

        begun = true;
    }
}
