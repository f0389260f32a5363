namespace Sommelier.Canonical;

/// <summary>A page on the web that a text is taken from.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Title">Its title, or null.</param>
/// <param name="CitedText">The words of the page, or null.</param>
/// <param name="Start">Where in the text part it counts from, in UTF-16 characters; null for the part's beginning.</param>
/// <param name="End">Where it counts to, not included; null for the part's end.</param>
public sealed record Citation(string Url, string? Title = null, string? CitedText = null, int? Start = null, int? End = null)
{
    /// <summary>The citation as it came, for writers of the same format; null when it was worked out.</summary>
    public OpaquePart? Source { get; init; }
}
