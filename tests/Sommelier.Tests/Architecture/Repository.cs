namespace Sommelier.Tests;

/// <summary>Where the repository stands.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sommelier.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Run the tests inside the repository.");
        }

        return folder.FullName;
    }
}
