using Sommelier.Storage;

namespace Sommelier.Tests.Storage;

public sealed class PrivateFolderTests : IDisposable
{
    private readonly DirectoryInfo top = Directory.CreateTempSubdirectory();

    [Fact]
    public void New_folders_are_for_their_user_alone_and_others_stay_as_they_are()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(top.FullName, Open);

        PrivateFolder.CreateFor(Path.Combine(top.FullName, "data", "journal", "one"));
        PrivateFolder.Create(top.FullName);

        Assert.Equal(Open, File.GetUnixFileMode(top.FullName));
        foreach (var name in new[] { "data", "data/journal" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(top.FullName, name)));
        }
    }

    public void Dispose() => top.Delete(recursive: true);
}
