namespace Sommelier.Quality;

/// <summary>Something that cannot be done with the quality table.</summary>
/// <param name="field">The field to blame, as it is written outside, or null.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class QualityException(string? field, string message) : Exception(message)
{
    /// <summary>The field to blame, or null.</summary>
    public string? Field { get; } = field;

    /// <summary>Whether the version that was named is not there.</summary>
    public bool IsMissing { get; init; }

    /// <summary>There is no such version.</summary>
    public static QualityException Missing(string version) =>
        new("version", $"There is no version '{(version.Length <= 40 ? version : version[..40])}' of the quality table. 'sommelier models quality history' lists them; 0 is the catalog's own table.") { IsMissing = true };
}
