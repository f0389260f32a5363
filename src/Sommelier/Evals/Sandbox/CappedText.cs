using System.Text;

namespace Sommelier.Evals.Sandbox;

/// <summary>The begin of what a program writes. The rest is read, so that nobody blocks, and thrown away.</summary>
internal sealed class CappedText
{
    private readonly byte[] kept;
    private int length;
    private volatile bool full;

    public CappedText(Stream stream, int capacityBytes)
    {
        kept = new byte[capacityBytes];
        Read = Task.Run(() => ReadAsync(stream));
    }

    /// <summary>Done when the stream has ended.</summary>
    public Task Read { get; }

    /// <summary>More was written than is kept.</summary>
    public bool IsFull => full;

    /// <summary>What is kept; to be read when <see cref="Read"/> is done.</summary>
    public string Text => Encoding.UTF8.GetString(kept, 0, length);

    private async Task ReadAsync(Stream stream)
    {
        var rest = new byte[16 * 1024];
        while (true)
        {
            var into = length < kept.Length ? kept.AsMemory(length) : rest;
            var count = await stream.ReadAsync(into);
            if (count == 0)
            {
                return;
            }

            full |= length == kept.Length;
            length = Math.Min(kept.Length, length + (full ? 0 : count));
        }
    }
}
