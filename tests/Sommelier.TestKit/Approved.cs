using Xunit;

namespace Sommelier.TestKit;

/// <summary>Texts that stand in the repository and are held equal to what the code produces.</summary>
/// <remarks>Run the tests with <c>APPROVE=1</c> to write the files anew; the diff is then reviewed like any other.</remarks>
public static class Approved
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Find();

    /// <summary>The text of a file of the repository, with line feeds.</summary>
    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path])).ReplaceLineEndings("\n");

    /// <summary>Fails when a file differs from what the code produces now.</summary>
    public static void Equal(string produced, params string[] path)
    {
        var file = Path.Combine([Root, .. path]);
        if (Environment.GetEnvironmentVariable("APPROVE") is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, produced);
            return;
        }

        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.True(string.Equals(approved, produced, StringComparison.Ordinal), $"{Path.Combine(path)} is not what the code produces. Run the tests with APPROVE=1 and review the change.\n{Difference(approved, produced)}");
    }

    private static string Difference(string approved, string produced)
    {
        var (left, right) = (approved.Split('\n'), produced.Split('\n'));
        var line = 0;
        while (line < left.Length && line < right.Length && string.Equals(left[line], right[line], StringComparison.Ordinal))
        {
            line++;
        }

        return $"First difference in line {line + 1}:\n- {(line < left.Length ? left[line] : "(end)")}\n+ {(line < right.Length ? right[line] : "(end)")}";
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sommelier.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The repository's root is not above the tests' folder.");
    }
}
