namespace Sommelier.Tests.Architecture;

/// <summary>Small files, one idea each.</summary>
public sealed class FileSizeTests
{
    private const int MostLines = 500;
    private const int MedianLines = 90;

    /// <summary>Files that are longer for a reason; the reason is here so that it is seen.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, int> Lines = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetRelativePath(Repository.Root, file), file => File.ReadLines(file).Count(), StringComparer.Ordinal);

    [Fact]
    public void No_file_is_longer_than_the_limit() =>
        Assert.Equal([], Lines.Where(file => file.Value > MostLines && !Exceptions.ContainsKey(file.Key)).Select(file => $"{file.Key}: {file.Value} lines"));

    [Fact]
    public void Median_file_is_short()
    {
        var sorted = Lines.Values.Order().ToArray();

        Assert.InRange(sorted[sorted.Length / 2], 1, MedianLines);
    }

    [Fact]
    public void No_exception_is_stale() =>
        Assert.Equal([], Exceptions.Keys.Where(file => Lines.GetValueOrDefault(file) <= MostLines));
}
