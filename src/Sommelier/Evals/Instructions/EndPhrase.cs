namespace Sommelier.Evals.Instructions;

/// <summary>The answer ends with a phrase, in capitals or not; quotation marks around the answer do not count.</summary>
internal static class EndPhrase
{
    public static InstructionKind Kind { get; } = new("startend:end_checker", static arguments =>
    {
        var phrase = arguments.Text("end_phrase").Trim().ToLowerInvariant();
        return text => text.Trim().Trim('"').ToLowerInvariant().EndsWith(phrase, StringComparison.Ordinal);
    });
}
