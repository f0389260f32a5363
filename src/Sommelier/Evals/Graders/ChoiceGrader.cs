using Sommelier.Evals.Text;
using Sommelier.Judging;

namespace Sommelier.Evals.Graders;

/// <summary>The answer settles on the right choice.</summary>
internal static class ChoiceGrader
{
    /// <summary><c>choice</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "choice",
        "a letter, word or line, or a list of right ones",
        "The answer settles on that choice. `take: letter` finds it as MMLU's answers are read (boxed, after 'answer is', alone, at the beginning); `word` and `line` take what follows the last `after` (Answer). `choices` lists the texts behind A, B, C: an answer that is such a text counts as its letter.",
        Create)
    {
        Example = "{ type: choice, value: B, choices: [Berlin, Paris, Rome] }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var wanted = settings.Texts("value");
        var choices = settings.Json("choices") is null ? [] : settings.Texts("choices");
        var take = settings.Word("take", "letter", "word", "line");
        var label = settings.OptionalText("after") ?? "Answer";
        if (choices.Count > 26)
        {
            settings.Problem("choices", "has more than 26 choices", "Leave some out");
        }

        if (take is "letter" && wanted.Any(text => text.Length != 1 || !char.IsAsciiLetter(text[0]) || (choices.Count > 0 && char.ToUpperInvariant(text[0]) - 'A' >= choices.Count)))
        {
            settings.Problem("value", "is not the letter of a choice", "Write a letter from A on, or take: word or take: line");
        }

        return new(answer =>
        {
            var found = take is "letter" ? Letter(answer.Text, choices) : Said(answer.Text, label, take is "word");
            return found is null
                ? Grade.Fail(take is "letter" ? "the answer settles on no choice" : $"nothing follows '{label}' in the answer")
                : Grade.Of(wanted.Any(text => Plain(text).Equals(Plain(found), StringComparison.OrdinalIgnoreCase)), $"the answer is '{found}'");
        });
    }

    private static string? Letter(string text, IReadOnlyList<string> choices)
    {
        var last = choices.Count == 0 ? 'Z' : (char)('A' + choices.Count - 1);
        var index = IndexOfText(FinalAnswer.Boxed(text) ?? text, choices);
        var letter = index >= 0 ? (char)('A' + index) : ChoiceLetters.Find(text, last);
        return letter?.ToString();
    }

    private static int IndexOfText(string text, IReadOnlyList<string> choices)
    {
        for (var i = 0; i < choices.Count; i++)
        {
            if (Plain(choices[i]).Equals(Plain(text), StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private static string? Said(string text, string label, bool word)
    {
        var line = FinalAnswer.Boxed(text) ?? FinalAnswer.After(text, label);
        return line is { Length: > 0 } ? word ? line.Split((char[]?)null, 2)[0] : line : null;
    }

    // Without marks around it: **Paris.**
    private static ReadOnlySpan<char> Plain(string text) => text.AsSpan().Trim(" \t\r\n*_`\"'.,;:!()[]");
}
