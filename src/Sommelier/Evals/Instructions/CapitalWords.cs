using Sommelier.Evals.Text;

namespace Sommelier.Evals.Instructions;

/// <summary>At least, or fewer than, so many words are in capitals.</summary>
internal static class CapitalWords
{
    public static InstructionKind Kind { get; } = new("change_case:capital_word_frequency", static arguments =>
    {
        var holds = arguments.Relation("capital_relation", "capital_frequency");
        return text => holds(TreebankWords.Split(text).Count(PythonCase.IsUpper));
    });
}
