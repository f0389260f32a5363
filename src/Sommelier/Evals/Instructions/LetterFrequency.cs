namespace Sommelier.Evals.Instructions;

/// <summary>A letter or sign stands in the answer at least, or fewer than, so often, capitals and small letters together.</summary>
internal static class LetterFrequency
{
    public static InstructionKind Kind { get; } = new("keywords:letter_frequency", static arguments =>
    {
        var letter = arguments.Text("letter").Trim().ToLowerInvariant();
        var holds = arguments.Relation("let_relation", "let_frequency");
        return text => holds(letter.Length == 0 ? 0 : text.ToLowerInvariant().AsSpan().Count(letter));
    });
}
