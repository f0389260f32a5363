using System.Buffers;
using System.Runtime.InteropServices;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Changes to a JSON text by byte range; everything outside them is copied as it is.</summary>
internal sealed class JsonEdits
{
    private readonly List<Edit> edits = new(4);

    /// <summary>Puts text in place of a range.</summary>
    public void Replace(int start, int end, ReadOnlyMemory<byte> text) => edits.Add(new Edit(start, end, text));

    /// <summary>Puts text before a byte.</summary>
    public void Insert(int at, ReadOnlyMemory<byte> text) => edits.Add(new Edit(at, at, text));

    /// <summary>
    /// Takes members out of an object with the commas that belong to them, wherever they stand.
    /// </summary>
    /// <param name="members">All members of the object, in order.</param>
    /// <param name="cut">Which of them go; as long as <paramref name="members"/>.</param>
    public void CutMembers(IReadOnlyList<BodyMember> members, ReadOnlySpan<bool> cut)
    {
        var kept = false;
        for (var i = 0; i < members.Count; i++)
        {
            if (!cut[i])
            {
                kept = true;
            }
            else if (kept)
            {
                edits.Add(new Edit(members[i - 1].End, members[i].End, default));
            }
            else
            {
                var end = i + 1 < members.Count ? members[i + 1].Start : members[i].End;
                edits.Add(new Edit(members[i].Start, end, default));
            }
        }
    }

    /// <summary>Writes the changed text.</summary>
    public void Apply(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        // Stable for equal starts: an insertion after a member stands before the cut of the next.
        var sorted = CollectionsMarshal.AsSpan(edits);
        for (var i = 1; i < sorted.Length; i++)
        {
            var edit = sorted[i];
            var at = i;
            for (; at > 0 && sorted[at - 1].Start > edit.Start; at--)
            {
                sorted[at] = sorted[at - 1];
            }

            sorted[at] = edit;
        }

        var from = 0;
        foreach (ref readonly var edit in sorted)
        {
            output.Write(body[from..edit.Start]);
            output.Write(edit.Text.Span);
            from = edit.End;
        }

        output.Write(body[from..]);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Edit(int Start, int End, ReadOnlyMemory<byte> Text);
}
