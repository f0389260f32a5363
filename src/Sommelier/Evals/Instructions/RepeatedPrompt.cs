namespace Sommelier.Evals.Instructions;

/// <summary>The answer begins with the request, in capitals or not.</summary>
internal static class RepeatedPrompt
{
    public static InstructionKind Kind { get; } = new("combination:repeat_prompt", static arguments =>
    {
        var prompt = arguments.Text("prompt_to_repeat").Trim().ToLowerInvariant();
        return text => text.Trim().ToLowerInvariant().StartsWith(prompt, StringComparison.Ordinal);
    });
}
