namespace Sommelier.Tests;

/// <summary>Compares a text with its approved file; on a difference the new text stands beside it as <c>.received.txt</c>.</summary>
internal static class Approved
{
    /// <summary>Fails when the text differs; copy the received file over the approved one to accept it.</summary>
    public static void Same(string name, string actual)
    {
        var approved = Path.Combine(Repository.Root, "tests", "Sommelier.Tests", "Approved", name);
        var received = Path.ChangeExtension(approved, ".received.txt");
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (string.Equals(expected, actual, StringComparison.Ordinal))
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(approved)!);
        File.WriteAllText(received, actual);
        Assert.Fail($"{name} changed. Compare tests/Sommelier.Tests/Approved/{Path.GetFileName(received)} with the approved file, and copy it over when the change is meant.");
    }
}
