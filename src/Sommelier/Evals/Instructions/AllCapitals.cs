using Sommelier.Evals.Text;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer is English in capitals.</summary>
internal static class AllCapitals
{
    public static InstructionKind Kind { get; } = new("change_case:english_capital", static _ => static text => PythonCase.IsUpper(text) && Languages.Guess(text) is null or "en");
}
