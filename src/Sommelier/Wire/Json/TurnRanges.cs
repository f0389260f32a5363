using System.Runtime.CompilerServices;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Where the contents of a conversation's telling turns stand in the body: what hash and classifier read. Keeps places, not text.</summary>
/// <remarks>A content is a string or a list of parts, as <see cref="ContentTexts"/> walks it.</remarks>
internal struct TurnRanges
{
    private SystemRanges systems;
    private int systemCount;
    private bool begun;
    private Range firstUser;
    private UserRanges users;
    private int userCount;
    private Range previousAssistant;
    private Range assistant;

    /// <summary>Instructions; those in the middle of a conversation are left out.</summary>
    public void System(Range content)
    {
        if (!begun && systemCount < SystemRanges.Length)
        {
            systems[systemCount++] = content;
        }
    }

    /// <summary>The asker's turn.</summary>
    public void User(Range content)
    {
        begun = true;
        if (firstUser.Equals(default))
        {
            firstUser = content;
        }

        previousAssistant = assistant;
        assistant = default;
        users[userCount++ % UserRanges.Length] = content;
    }

    /// <summary>The model's turn.</summary>
    public void Assistant(Range content)
    {
        begun = true;
        assistant = content;
    }

    /// <summary>Something that has no text for us: a tool call or its result.</summary>
    public void Other() => begun = true;

    /// <summary>A hash over system, tools and the first user message.</summary>
    public readonly ulong PrefixHash(ReadOnlySpan<byte> body, ReadOnlySpan<byte> tools)
    {
        var hash = default(StableHash);
        for (var i = 0; i < systemCount; i++)
        {
            ContentTexts.Walk(body[systems[i]], ref hash);
        }

        hash.Add(tools);
        ContentTexts.Walk(body[firstUser], ref hash);
        return hash.Value;
    }

    /// <summary>The texts that the classifier reads.</summary>
    public readonly ConversationTail Tail(ReadOnlySpan<byte> body)
    {
        var system = default(CutText);
        for (var i = 0; i < systemCount; i++)
        {
            ContentTexts.Walk(body[systems[i]], ref system);
        }

        var previous = User(body, 1);
        return new(system.Take(), User(body, 0), Cut(body[previousAssistant]), previous)
        {
            EarlierUsers = UsersBefore(body, previous) ?? (IReadOnlyList<string>)[],
            LastUserContent = userCount == 0 ? default : users[(userCount - 1) % UserRanges.Length],
        };
    }

    private readonly List<string>? UsersBefore(ReadOnlySpan<byte> body, string turn)
    {
        List<string>? earlier = null;
        for (var back = 2; back < Math.Min(userCount, UserRanges.Length) && turn.Length <= ConversationTail.ShortTurn; back++)
        {
            turn = User(body, back);
            (earlier ??= []).Add(turn);
        }

        return earlier;
    }

    // The turn so many before the last one; empty when there is none.
    private readonly string User(ReadOnlySpan<byte> body, int back) =>
        back < Math.Min(userCount, UserRanges.Length) ? Cut(body[users[(userCount - 1 - back) % UserRanges.Length]]) : "";

    private static string Cut(ReadOnlySpan<byte> content)
    {
        var text = default(CutText);
        ContentTexts.Walk(content, ref text);
        return text.Take();
    }

    /// <summary>Where the last user turns' contents stand, in a ring.</summary>
    [InlineArray(Length)]
    private struct UserRanges
    {
        public const int Length = ConversationTail.MaxUserTurns;

        private Range first;
    }

    /// <summary>Where the leading system messages' contents stand; more than four are cut off for hash and classifier.</summary>
    [InlineArray(Length)]
    private struct SystemRanges
    {
        public const int Length = 4;

        private Range first;
    }
}
