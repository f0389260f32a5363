using Sommelier.Evals.Text;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer has at least, or fewer than, so many sentences.</summary>
internal static class NumberOfSentences
{
    public static InstructionKind Kind { get; } = new("length_constraints:number_sentences", static arguments =>
    {
        var holds = arguments.Relation("relation", "num_sentences");
        return text => holds(Sentences.Count(text));
    });
}
