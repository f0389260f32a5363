using Microsoft.Win32.SafeHandles;

namespace Sommelier.Ledger.Journalling;

/// <summary>One file of the journal. Guarded by the journal's lock.</summary>
internal sealed class JournalSegment : IDisposable
{
    private readonly SafeFileHandle file;

    private JournalSegment(string path, SafeFileHandle file)
    {
        Path = path;
        this.file = file;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Bytes of whole records.</summary>
    public long Length { get; private set; }

    /// <summary>Records that the store does not hold yet; the file is deleted at zero once it is not written any more.</summary>
    public int Pending { get; set; }

    public static JournalSegment Create(string path) =>
        new(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));

    /// <summary>Appends a record in one system call.</summary>
    /// <returns>Where it begins.</returns>
    /// <exception cref="IOException">Nothing was appended.</exception>
    public long Append(ReadOnlySpan<byte> frame)
    {
        var at = Length;
        try
        {
            RandomAccess.Write(file, frame, at);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // How the runtime says EFBIG: the process may write no larger file.
            CutBack(at);
            throw new IOException($"The journal file '{Path}' may not grow: the process's limit of file sizes is reached.", e);
        }
        catch
        {
            CutBack(at);
            throw;
        }

        Length = at + frame.Length;
        return at;
    }

    /// <summary>Reads one record that was appended.</summary>
    public byte[] Read(long at, int length)
    {
        var frame = new byte[length];
        var read = 0;
        while (read < length)
        {
            var count = RandomAccess.Read(file, frame.AsSpan(read), at + read);
            if (count == 0)
            {
                throw new EndOfStreamException($"The journal file '{Path}' is shorter than what was written to it.");
            }

            read += count;
        }

        return frame;
    }

    /// <summary>Closes the file and deletes it.</summary>
    public void Delete()
    {
        file.Dispose();
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is replayed at the next start, which stores nothing twice.
        }
    }

    public void Dispose() => file.Dispose();

    // A part that fitted on a full disk is cut off. Should that fail too, the next record overwrites it.
    private void CutBack(long length)
    {
        try
        {
            RandomAccess.SetLength(file, length);
        }
        catch (IOException)
        {
        }
    }
}
