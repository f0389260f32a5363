using System.Text;

namespace Sommelier.Configuration.Yaml;

/// <summary>Finds tabs in the indentation, which YAML forbids with a message that nobody understands.</summary>
internal static class TabIndentation
{
    /// <summary>The text with every such tab as two spaces, and a problem for every line that has one.</summary>
    public static string Replace(string text, string file, List<ConfigProblem> problems)
    {
        if (!text.Contains('\t', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var line = 1;
        var column = 1;
        var indenting = true;
        var told = false;
        foreach (var letter in text)
        {
            if (letter == '\t' && indenting)
            {
                if (!told)
                {
                    problems.Add(new(new(file, line, column), "", "a tab stands in the indentation", "Use spaces"));
                    told = true;
                }

                result.Append("  ");
            }
            else
            {
                result.Append(letter);
            }

            column++;
            indenting = indenting && letter is ' ' or '\t';
            if (letter == '\n')
            {
                line++;
                column = 1;
                indenting = true;
                told = false;
            }
        }

        return result.ToString();
    }
}
