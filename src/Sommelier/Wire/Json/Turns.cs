using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Follows whose turn it is, so that the last turns are known when the conversation ends. Keeps places, not text.</summary>
internal struct Turns
{
    private List<Range> lastUser = [];
    private List<Range> assistantBefore = [];
    private List<Range> userBefore = [];
    private List<Range> assistantNow = [];

    /// <summary>Begins with no turn.</summary>
    public Turns()
    {
    }

    /// <summary>A message with text of its own. Messages of one role in a row are one turn.</summary>
    public void Add(bool isUser, List<Range> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        if (!isUser)
        {
            assistantNow.AddRange(texts);
            return;
        }

        if (assistantNow.Count > 0)
        {
            (userBefore, lastUser) = (lastUser, userBefore);
            (assistantBefore, assistantNow) = (assistantNow, assistantBefore);
            lastUser.Clear();
            assistantNow.Clear();
        }

        lastUser.AddRange(texts);
    }

    /// <summary>The texts of the last turns.</summary>
    public readonly ConversationTail Tail(ReadOnlySpan<byte> body, List<Range> system) => new(
        Cut(body, system), Cut(body, lastUser), Cut(body, assistantBefore), Cut(body, userBefore));

    private static string Cut(ReadOnlySpan<byte> body, List<Range> texts)
    {
        var cut = default(CutText);
        foreach (var range in texts)
        {
            cut.Add(body[range]);
        }

        return cut.Take();
    }
}
