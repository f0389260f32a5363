using System.Text;
using System.Text.RegularExpressions;

namespace Sommelier.JsonSchemas;

/// <summary>Regular expressions as JSON Schema means them, ECMA-262, for an engine whose time grows with the text and no faster.</summary>
internal static class EcmaPattern
{
    // Patterns come from callers: building the automaton of a huge one would take long.
    private const int MostCharacters = 1_000;

    private const string LineEnds = @"\n\r\u2028\u2029";

    /// <summary>The expression; null when it is none, or needs what the linear engine lacks: lookaround, back references.</summary>
    public static Regex? Read(string pattern)
    {
        if (pattern.Length > MostCharacters || Translate(pattern) is not { } translated)
        {
            return null;
        }

        try
        {
            return new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // Where .NET means something else by the same sign: $ before a last line feed, digits and letters of all scripts,
    // a dot that is half a character, and brackets that subtract.
    private static string? Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var letter = pattern[i];
            if (letter == '\\')
            {
                if (++i == pattern.Length || Escape(pattern[i], inClass) is not { } escape)
                {
                    return null;
                }

                text.Append(escape);
            }
            else if (inClass)
            {
                inClass = letter != ']';
                text.Append(letter == '[' ? @"\[" : letter);
            }
            else
            {
                inClass = letter == '[';
                text.Append(letter switch
                {
                    '$' => @"\z",
                    '.' => $@"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^{LineEnds}])",
                    _ => letter.ToString(),
                });
            }
        }

        return text.ToString();
    }

    private static string? Escape(char letter, bool inClass) => letter switch
    {
        'd' => inClass ? "0-9" : "[0-9]",
        'w' => inClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]",
        'D' => inClass ? null : "[^0-9]",
        'W' => inClass ? null : "[^a-zA-Z0-9_]",

        // Anchors of .NET alone; \b would count letters of all scripts.
        'A' or 'Z' or 'z' or 'G' or 'b' or 'B' => null,
        _ => $@"\{letter}",
    };
}
