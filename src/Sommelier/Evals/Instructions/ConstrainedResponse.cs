namespace Sommelier.Evals.Instructions;

/// <summary>One of three sentences stands in the answer.</summary>
internal static class ConstrainedResponse
{
    private static readonly string[] Options = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

    public static InstructionKind Kind { get; } = new("detectable_format:constrained_response", static _ => static text => Options.Any(option => text.Contains(option, StringComparison.Ordinal)));
}
