using System.Text.RegularExpressions;
using Sommelier.Judging;

namespace Sommelier.Evals.Text;

/// <summary>The letter that an answer to a multiple-choice question settles on.</summary>
internal static class ChoiceLetters
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // From the plainest to the faintest; in each the last match counts, for models change their minds aloud.
    private static readonly Regex[] Signs =
    [
        new(@"(?i:answer|choice|option)[\s*_]*(?:is|:|：|=)[\s*_:]*(?i:option|choice|letter)?[\s*_]*[(\[]?[A-Z](?:[)\].,:;*_\s]|$)", Linear),
        new(@"(?i:answer|choice|option|letter) (?i:is )?[*_]*[(\[]?[A-Z](?:[)\].,:;*_\s]|$)", Linear),
        new(@"(?:^|[\s*_])\([A-Z]\)", Linear),
        new(@"(?:^|\n)[\s*_]*[A-Z][*_]*(?:[).:,]|\s*\n|\s*$)", Linear),
    ];

    private static readonly Regex Alone = new(@"^[\s*_""'(\[]*(?<letter>[A-Za-z])[)\].:,;*_""'\s]*$", Linear);
    private static readonly Regex Leading = new(@"^[\s*_(\[]*(?<letter>[A-Z])(?:[*_]*[)\].:,]|\s+[-–—])", Linear);

    /// <summary>The letter, in capitals; null when the answer does not settle on one.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="last">The last letter on offer.</param>
    public static char? Find(string text, char last = 'Z')
    {
        if (FinalAnswer.Boxed(text) is { } boxed)
        {
            // A box with something else in it is an answer too: "cannot be determined".
            return InBox(boxed) is { } inBox && inBox <= last ? inBox : null;
        }

        if (Alone.Match(text) is { Success: true } alone && char.ToUpperInvariant(alone.Groups["letter"].Value[0]) is var only && only <= last)
        {
            return only;
        }

        if (LastOf(Signs[0], text, last) is { } named)
        {
            return named;
        }

        if (Leading.Match(text) is { Success: true } leading && leading.Groups["letter"].Value[0] is var first && first <= last)
        {
            return first;
        }

        return Signs.Skip(1).Select(sign => LastOf(sign, text, last)).FirstOrDefault(static letter => letter is not null);
    }

    // B, (B), \text{B}, \text{(B) because}, B: Paris.
    private static char? InBox(string boxed)
    {
        var text = boxed.AsSpan().Trim();
        foreach (var command in (ReadOnlySpan<string>)[@"\text{", @"\textbf{", @"\mathrm{", @"\mathbf{"])
        {
            text = text.StartsWith(command, StringComparison.Ordinal) ? text[command.Length..] : text;
        }

        text = text.TrimStart("( {[");
        return text.Length > 0 && char.IsAsciiLetter(text[0]) && (text.Length == 1 || !char.IsLetterOrDigit(text[1])) ? char.ToUpperInvariant(text[0]) : null;
    }

    private static char? LastOf(Regex sign, string text, char last)
    {
        char? found = null;
        foreach (var match in sign.EnumerateMatches(text))
        {
            var letter = Letter(text.AsSpan(match.Index, match.Length));
            found = letter is { } some && some <= last ? some : found;
        }

        return found;
    }

    // The letter is the last capital of each sign's match: nothing captures, so that matches cost no memory.
    private static char? Letter(ReadOnlySpan<char> match)
    {
        var at = match.LastIndexOfAnyInRange('A', 'Z');
        return at < 0 ? null : match[at];
    }
}
