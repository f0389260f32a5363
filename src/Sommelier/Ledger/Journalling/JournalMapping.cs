using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Sommelier.Ledger.Journalling;

/// <summary>The beginning of a segment's file as memory of the process: a record is copied there, without a system call.</summary>
/// <remarks>
/// What is copied belongs to the operating system's cache of the file, as if it had been written, so it survives the death of the process as well. A
/// store into a part of the file for which the disk has no room would kill the process; so zeros are written before it is used, a step at a
/// time, and where that fails the record is written as it would be without a mapping. That holds where a written block stays where it is: not on file
/// systems that copy on write, nor over a network. Only on Linux, where cutting a mapped file is allowed.
/// </remarks>
internal sealed unsafe class JournalMapping : IDisposable
{
    private const int Step = 256 * 1024;

    private static readonly string[] InPlace = ["ext2", "ext3", "ext4", "xfs", "tmpfs"];

    private static readonly byte[] Zeros = new byte[Step];

    private readonly SafeFileHandle file;
    private readonly long capacity;
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private long ready;

    private JournalMapping(SafeFileHandle file, long capacity)
    {
        this.file = file;
        this.capacity = capacity;
        mapped = MemoryMappedFile.CreateFromFile(file, null, capacity, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        view = mapped.CreateViewAccessor(0, capacity);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <summary>Maps an empty file; null where it cannot be mapped.</summary>
    /// <param name="file">Open for reading and writing; stays the giver's.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="capacity">How many bytes are mapped. The file is so long then, though it takes no room yet.</param>
    public static JournalMapping? Of(SafeFileHandle file, string folder, long capacity)
    {
        try
        {
            return OperatingSystem.IsLinux() && InPlace.Contains(new DriveInfo(folder).DriveFormat, StringComparer.Ordinal) ? new(file, capacity) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // A file system without mappings, or a limit of file sizes below the segment's.
            return null;
        }
    }

    /// <summary>Puts bytes at a place of the file; false when it does not lie in the mapping, or has no room on the disk.</summary>
    public bool TryWrite(long at, ReadOnlySpan<byte> bytes)
    {
        var end = at + bytes.Length;
        if (end > capacity || (end > ready && !MakeReady(end)))
        {
            return false;
        }

        bytes.CopyTo(new Span<byte>(start + at, bytes.Length));
        return true;
    }

    /// <summary>The file ends here now.</summary>
    public void Cut(long length) => ready = Math.Min(ready, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The view's own Dispose waits until the disk has all of it.
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.SafeMemoryMappedViewHandle.Dispose();
        mapped.Dispose();
    }

    private bool MakeReady(long end)
    {
        try
        {
            while (ready < end)
            {
                var next = Math.Min(capacity, ready + Step);
                RandomAccess.Write(file, Zeros.AsSpan(0, (int)(next - ready)), ready);
                ready = next;
            }

            return true;
        }
        catch (Exception failure) when (failure is IOException or ArgumentOutOfRangeException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
