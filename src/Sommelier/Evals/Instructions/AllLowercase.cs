using Sommelier.Evals.Text;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer is English without a capital.</summary>
internal static class AllLowercase
{
    public static InstructionKind Kind { get; } = new("change_case:english_lowercase", static _ => static text => PythonCase.IsLower(text) && Languages.Guess(text) is null or "en");
}
