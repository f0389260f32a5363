namespace Sommelier.Providers;

/// <summary>Every provider. A new one is a file in this folder and a line in this list; a test names the line that is missing.</summary>
public static class ProviderRegistry
{
    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<Provider> All { get; } = [];
}
