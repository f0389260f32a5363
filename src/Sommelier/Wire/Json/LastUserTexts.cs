using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Where the texts of the last user turn stand in a body, whatever its format.</summary>
internal static class LastUserTexts
{
    /// <summary>The raw insides of their JSON strings, in order; empty when there is no such turn, or its format does not tell.</summary>
    /// <param name="tail">What the outline tells of the body's end.</param>
    /// <param name="body">The body that it was made from.</param>
    public static IReadOnlyList<Range> Of(ConversationTail tail, ReadOnlySpan<byte> body)
    {
        if (tail.LastUserTexts.Count > 0)
        {
            return tail.LastUserTexts;
        }

        var places = new Places(body);
        ContentTexts.Walk(body[tail.LastUserContent], ref places);
        return places.Found;
    }

    private readonly ref struct Places(ReadOnlySpan<byte> body) : ITextSink
    {
        private readonly ReadOnlySpan<byte> body = body;

        public List<Range> Found { get; } = [];

        public void Add(ReadOnlySpan<byte> raw)
        {
            // A text that is empty stands nowhere.
            if (body.Overlaps(raw, out var at))
            {
                Found.Add(at..(at + raw.Length));
            }
        }
    }
}
