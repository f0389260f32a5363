using System.Text.RegularExpressions;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer has at least so many marks like "Section 1".</summary>
internal static class Sections
{
    public static InstructionKind Kind { get; } = new("detectable_format:multiple_sections", static arguments =>
    {
        var least = arguments.Whole("num_sections");
        var mark = new Regex($@"\s?{Regex.Escape(arguments.Text("section_spliter").Trim())}\s?\d+\s?", RegexOptions.NonBacktracking);
        return text => mark.Count(text) >= least;
    });
}
