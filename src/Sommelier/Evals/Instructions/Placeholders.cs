namespace Sommelier.Evals.Instructions;

/// <summary>At least so many pairs of square brackets stand in the answer, each within a line.</summary>
internal static class Placeholders
{
    public static InstructionKind Kind { get; } = new("detectable_content:number_placeholders", static arguments =>
    {
        var least = arguments.Whole("num_placeholders");
        return text => Count(text) >= least;
    });

    private static int Count(string text)
    {
        var count = 0;
        for (var at = text.IndexOf('[', StringComparison.Ordinal); at >= 0;)
        {
            var end = text.AsSpan(at).IndexOfAny(']', '\n');
            if (end < 0)
            {
                break;
            }

            count += text[at + end] == ']' ? 1 : 0;
            at = text.IndexOf('[', at + end);
        }

        return count;
    }
}
