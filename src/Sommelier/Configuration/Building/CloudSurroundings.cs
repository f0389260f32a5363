namespace Sommelier.Configuration.Building;

/// <summary>What the process finds around it: variables and files.</summary>
/// <param name="environment">The value of a variable; null or empty when it is not set.</param>
/// <param name="readFile">The text of a file; null when there is none, or it may not be read.</param>
/// <param name="writeFile">Puts a text into a file; one that may not be written stays as it is.</param>
internal sealed class CloudSurroundings(Func<string, string?> environment, Func<string, string?> readFile, Action<string, string> writeFile)
{
    /// <summary>The folder of the user; empty when nobody says.</summary>
    public string Home => Get("HOME") ?? Get("USERPROFILE") ?? "";

    /// <summary>A variable; an empty one counts as unset, as in every shell's <c>:-</c>.</summary>
    public string? Get(string variable) => environment(variable)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a variable says true.</summary>
    public bool IsTrue(string variable) => string.Equals(Get(variable), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A variable that holds a web address, with a slash at its end; null when it holds none.</summary>
    public Uri? Address(string variable) =>
        Get(variable) is { } text && Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    /// <summary>The text of a file; null when there is none.</summary>
    public string? ReadFile(string path) => readFile(path);

    /// <summary>Puts a text into a file.</summary>
    public void WriteFile(string path, string text) => writeFile(path, text);
}
