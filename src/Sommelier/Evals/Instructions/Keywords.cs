namespace Sommelier.Evals.Instructions;

/// <summary>Each keyword stands in the answer, in capitals or not, also within a word.</summary>
internal static class Keywords
{
    public static InstructionKind Kind { get; } = new("keywords:existence", static arguments =>
    {
        var keywords = arguments.Texts("keywords");
        return text => keywords.All(keyword => text.Contains(keyword, StringComparison.OrdinalIgnoreCase));
    });
}
