using System.Runtime.InteropServices;
using System.Text;

namespace Sommelier.Wire.Json;

/// <summary>Joins texts into one. A single text, the usual case, is handed back as it is: nothing is copied.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct JoinedText
{
    private string? first;
    private StringBuilder? all;

    /// <summary>The texts in one; null when none was added.</summary>
    public readonly string? Text => all?.ToString() ?? first;

    /// <summary>Adds a text; null adds nothing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">Stands before it where something stands before that.</param>
    public void Add(string? text, string separator = "")
    {
        if (text is null)
        {
            return;
        }

        if (string.IsNullOrEmpty(first))
        {
            first = text;
            return;
        }

        (all ??= new StringBuilder(first)).Append(separator).Append(text);
    }
}
