using System.Runtime.CompilerServices;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Follows whose turn it is, so that the last turns are known when the conversation ends. Keeps places, not text.</summary>
internal struct Turns
{
    private UserTexts users;
    private int userCount;
    private List<Range> assistantBefore = [];
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

        if (userCount == 0 || assistantNow.Count > 0)
        {
            (assistantBefore, assistantNow) = (assistantNow, assistantBefore);
            assistantNow.Clear();
            userCount++;
            (users[(userCount - 1) % UserTexts.Length] ??= []).Clear();
        }

        users[(userCount - 1) % UserTexts.Length]!.AddRange(texts);
    }

    /// <summary>The texts of the last turns.</summary>
    public readonly ConversationTail Tail(ReadOnlySpan<byte> body, List<Range> system)
    {
        var previous = User(body, 1);
        return new(Cut(body, system), User(body, 0), Cut(body, assistantBefore), previous)
        {
            EarlierUsers = UsersBefore(body, previous) ?? (IReadOnlyList<string>)[],
            LastUserTexts = userCount > 0 ? users[(userCount - 1) % UserTexts.Length]! : (IReadOnlyList<Range>)[],
        };
    }

    private readonly List<string>? UsersBefore(ReadOnlySpan<byte> body, string turn)
    {
        List<string>? earlier = null;
        for (var back = 2; back < Math.Min(userCount, UserTexts.Length) && turn.Length <= ConversationTail.ShortTurn; back++)
        {
            turn = User(body, back);
            (earlier ??= []).Add(turn);
        }

        return earlier;
    }

    // The turn so many before the last one; empty when there is none.
    private readonly string User(ReadOnlySpan<byte> body, int back) =>
        back < Math.Min(userCount, UserTexts.Length) ? Cut(body, users[(userCount - 1 - back) % UserTexts.Length]!) : "";

    private static string Cut(ReadOnlySpan<byte> body, List<Range> texts)
    {
        var cut = default(CutText);
        foreach (var range in texts)
        {
            cut.Add(body[range]);
        }

        return cut.Take();
    }

    /// <summary>Where the texts of the last user turns stand, in a ring.</summary>
    [InlineArray(Length)]
    private struct UserTexts
    {
        public const int Length = ConversationTail.MaxUserTurns;

        private List<Range>? first;
    }
}
