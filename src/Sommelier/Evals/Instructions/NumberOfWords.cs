using Sommelier.Evals.Text;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer has at least, or fewer than, so many runs of letters, digits and underscores.</summary>
internal static class NumberOfWords
{
    public static InstructionKind Kind { get; } = new("length_constraints:number_words", static arguments =>
    {
        var holds = arguments.Relation("relation", "num_words");
        return text => holds(PythonWords.Count(text));
    });
}
