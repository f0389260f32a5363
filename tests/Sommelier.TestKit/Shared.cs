using Xunit;

namespace Sommelier.TestKit;

/// <summary>The reference data beside the repository: recorded provider replies, catalog, routing outcomes.</summary>
/// <remarks>A user's clone has none, so a test that needs it is skipped there, plainly; on CI its absence is a failure.</remarks>
public static class Shared
{
    /// <summary>The folder, or null when there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The path of a file or folder below it; skips the calling test when the data is absent.</summary>
    public static string Path(params string[] parts)
    {
        if (Root is null)
        {
            if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            {
                throw new DirectoryNotFoundException("The shared reference data is absent, and CI needs it: put it beside the repository as ../shared.");
            }

            Assert.Skip("The shared reference data (../shared) is absent.");
        }

        return System.IO.Path.Combine([Root, .. parts]);
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Sommelier.slnx")))
            {
                var beside = System.IO.Path.Combine(folder.Parent!.FullName, "shared");
                return Directory.Exists(System.IO.Path.Combine(beside, "data")) ? beside : null;
            }
        }

        return null;
    }
}
