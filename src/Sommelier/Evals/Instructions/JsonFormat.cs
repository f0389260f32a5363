using Sommelier.Evals.Json;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer is JSON, in a fence or without.</summary>
internal static class JsonFormat
{
    public static InstructionKind Kind { get; } = new("detectable_format:json_format", static _ => static text => JsonText.Parse(Unfenced(text)) is not null);

    private static string Unfenced(string text)
    {
        text = text.Trim();
        foreach (var fence in (ReadOnlySpan<string>)["```json", "```Json", "```JSON", "```"])
        {
            text = text.StartsWith(fence, StringComparison.Ordinal) ? text[fence.Length..] : text;
        }

        return (text.EndsWith("```", StringComparison.Ordinal) ? text[..^3] : text).Trim();
    }
}
