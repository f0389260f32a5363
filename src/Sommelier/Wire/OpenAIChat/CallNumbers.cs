namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Numbers the tool calls of one stream as OpenAI does: in order, from 0 for each choice, the same in every piece. Servers
/// leave the number out, or give 0 to every call that they send whole.
/// </summary>
internal sealed class CallNumbers
{
    private readonly List<Call> calls = [];

    /// <summary>The number of the call that a piece belongs to.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="json">The text in which <see cref="CallHead.Id"/> stands.</param>
    public int Of(in CallHead piece, ReadOnlySpan<byte> json)
    {
        var id = json[piece.Id];
        Call? same = null;
        var next = 0;
        foreach (var call in calls)
        {
            if (call.Choice != piece.Choice)
            {
                continue;
            }

            next = Math.Max(next, call.Number + 1);
            if (id.Length > 0 && id.SequenceEqual(call.Id))
            {
                return call.Number;
            }

            same = piece.Index is null || call.Index == piece.Index ? call : same;
        }

        // A second id under the same number, or a second name under none, begins another call.
        var isOther = same is { Id.Length: > 0 } && id.Length > 0;
        var isNamed = piece is { Index: null, IsNamed: true } && same is not null;
        if (same is not null && !isOther && !isNamed)
        {
            same.Id = id.Length > 0 ? id.ToArray() : same.Id;
            return same.Number;
        }

        // A server that counts in its own way is followed as long as its numbers tell calls apart.
        var number = piece.Index is { } index && same is null && index >= next ? index : next;
        calls.Add(new() { Choice = piece.Choice, Index = piece.Index, Number = number, Id = id.ToArray() });
        return number;
    }

    private sealed class Call
    {
        public required int Choice { get; init; }

        public required int? Index { get; init; }

        public required int Number { get; init; }

        public required byte[] Id { get; set; }
    }
}
