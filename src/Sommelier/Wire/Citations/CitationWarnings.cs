using Sommelier.Canonical;

namespace Sommelier.Wire.Citations;

/// <summary>The word on citations in dialects that have no place for them.</summary>
internal static class CitationWarnings
{
    /// <summary>Warns once.</summary>
    public static void Add(ICollection<Warning> warnings)
    {
        if (!warnings.Any(static warning => warning.Field is "citations"))
        {
            warnings.Add(new Warning("dropped", "citations", "this dialect has no place for another vendor's citations"));
        }
    }

    /// <summary>Warns when a text has any.</summary>
    public static void Add(TextPart text, ICollection<Warning> warnings)
    {
        if (text.Citations.Count > 0)
        {
            Add(warnings);
        }
    }
}
