using Sommelier.Evals.Text;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer is in that language; one whose language cannot be told follows, as in the original.</summary>
internal static class ResponseLanguage
{
    public static InstructionKind Kind { get; } = new("language:response_language", static arguments =>
    {
        var language = arguments.Text("language");
        return text => Languages.Guess(text) is not { } guess || string.Equals(guess, language, StringComparison.OrdinalIgnoreCase);
    });
}
