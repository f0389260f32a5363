namespace Sommelier.Evals.Instructions;

/// <summary>The whole answer stands between double quotation marks of ASCII.</summary>
internal static class Quotation
{
    public static InstructionKind Kind { get; } = new("startend:quotation", static _ => static text => text.Trim() is ['"', .., '"']);
}
