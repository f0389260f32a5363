using System.Text;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>Cuts the text of a stream into the data of its events, by the rules of the HTML standard §9.2.6.</summary>
internal static class EventText
{
    /// <summary>The data of each event that is complete; what has no blank line behind it is none.</summary>
    public static IEnumerable<string> Data(string text)
    {
        var data = new StringBuilder();
        var any = false;
        foreach (var line in Lines(text.TrimStart('\uFEFF')))
        {
            if (line.Length == 0)
            {
                if (any)
                {
                    yield return data.ToString();
                }

                data.Clear();
                any = false;
            }
            else if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                if (any)
                {
                    data.Append('\n');
                }

                data.Append(line.AsSpan(line.StartsWith("data: ", StringComparison.Ordinal) ? 6 : 5));
                any = true;
            }
        }
    }

    /// <summary>The lines that are complete: ended by CR LF, LF or CR.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        for (var at = 0; text.AsSpan(at).IndexOfAny('\r', '\n') is var length and >= 0;)
        {
            yield return text.Substring(at, length);
            at += length;
            at += text.AsSpan(at).StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1;
        }
    }
}
