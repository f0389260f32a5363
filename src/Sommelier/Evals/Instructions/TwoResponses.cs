namespace Sommelier.Evals.Instructions;

/// <summary>The answer is two different ones with six asterisks between them.</summary>
internal static class TwoResponses
{
    public static InstructionKind Kind { get; } = new("combination:two_responses", static _ => Holds);

    private static bool Holds(string text)
    {
        var parts = text.Split("******");
        for (var i = 1; i < parts.Length - 1; i++)
        {
            if (parts[i].AsSpan().Trim().IsEmpty)
            {
                return false;
            }
        }

        return parts.Where(static part => !part.AsSpan().Trim().IsEmpty).Select(static part => part.Trim()).ToList() is [var one, var other] && !string.Equals(one, other, StringComparison.Ordinal);
    }
}
