using Sommelier.Evals.Text;

namespace Sommelier.Evals.Instructions;

/// <summary>None of the words stands in the answer as a word of its own, in capitals or not.</summary>
internal static class ForbiddenWords
{
    public static InstructionKind Kind { get; } = new("keywords:forbidden_words", static arguments =>
    {
        var words = arguments.Texts("forbidden_words");
        return text => !words.Any(word => PythonWords.Holds(text, word));
    });
}
