namespace Sommelier.Evals.Instructions;

/// <summary>No comma of ASCII stands in the answer.</summary>
internal static class NoComma
{
    public static InstructionKind Kind { get; } = new("punctuation:no_comma", static _ => static text => !text.Contains(',', StringComparison.Ordinal));
}
