namespace Sommelier.Storage;

/// <summary>Folders of what only the gateway's own user may read: the ledger, hashes of keys, prompts where they are kept.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates a folder, and those above it that are missing, for this user alone. One that is there stays as it is; on Windows it takes what its parent gives.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // The framework gives the mode to the last one only.
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(path))
        {
            CreateFor(path);
            Directory.CreateDirectory(path, Own);
        }
    }

    /// <summary>The same for the folder that a file is to be in.</summary>
    public static void CreateFor(string file) => Create(Path.GetDirectoryName(Path.GetFullPath(file))!);
}
