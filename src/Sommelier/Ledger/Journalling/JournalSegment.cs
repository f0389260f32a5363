using Microsoft.Win32.SafeHandles;

namespace Sommelier.Ledger.Journalling;

/// <summary>One file of the journal. Guarded by the journal's lock.</summary>
internal sealed class JournalSegment : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly JournalMapping? mapping;

    private JournalSegment(string path, SafeFileHandle file, long capacity)
    {
        Path = path;
        this.file = file;
        mapping = JournalMapping.Of(file, System.IO.Path.GetDirectoryName(path)!, capacity);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Bytes of whole records.</summary>
    public long Length { get; private set; }

    /// <summary>Records that the store does not hold yet; the file is deleted at zero once it is not written any more.</summary>
    public int Pending { get; set; }

    /// <param name="path">A file that is not there yet.</param>
    /// <param name="capacity">How many bytes it is to hold, about.</param>
    public static JournalSegment Create(string path, long capacity) =>
        new(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read), capacity);

    /// <summary>Appends a record: by a copy into the mapped file, else in one system call.</summary>
    /// <returns>Where it begins.</returns>
    /// <exception cref="IOException">Nothing was appended.</exception>
    public long Append(ReadOnlySpan<byte> frame)
    {
        var at = Length;
        if (mapping?.TryWrite(at, frame) == true)
        {
            Length = at + frame.Length;
            return at;
        }

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
        Close();
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is replayed at the next start, which stores nothing twice.
        }
    }

    /// <summary>Closes the file, which ends with its last record.</summary>
    public void Dispose()
    {
        if (mapping is not null && !file.IsClosed)
        {
            CutBack(Length);
        }

        Close();
    }

    private void Close()
    {
        mapping?.Dispose();
        file.Dispose();
    }

    // A part that fitted on a full disk is cut off. Should that fail too, the next record overwrites it.
    private void CutBack(long length)
    {
        mapping?.Cut(length);
        try
        {
            RandomAccess.SetLength(file, length);
        }
        catch (IOException)
        {
        }
    }
}
