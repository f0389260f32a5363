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
    private Range lastUser;
    private Range previousUser;
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

        previousUser = lastUser;
        previousAssistant = assistant;
        lastUser = content;
        assistant = default;
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

        return new ConversationTail(system.Take(), Cut(body[lastUser]), Cut(body[previousAssistant]), Cut(body[previousUser]));
    }

    private static string Cut(ReadOnlySpan<byte> content)
    {
        var text = default(CutText);
        ContentTexts.Walk(content, ref text);
        return text.Take();
    }

    /// <summary>Where the leading system messages' contents stand; more than four are cut off for hash and classifier.</summary>
    [InlineArray(Length)]
    private struct SystemRanges
    {
        public const int Length = 4;

        private Range first;
    }
}
