using System.Collections.Frozen;
using System.Text;
using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>How much a turn says by itself: "yes", "다시 해줘" and "もう一度" say nothing, the task is in the turns before.</summary>
/// <remarks>
/// Words that only agree, repeat, point or are polite count nothing; every other word counts one, a Hangul syllable or an
/// ideograph two fifths. The weight of the turn is 1 - exp(-units / 2.5), so one content word leaves two thirds to the task
/// before it, and eight leave 4 %. A turn that names a task ("translate it", "요약해줘") stands by itself: at least 0.8;
/// one of nothing but such words ("shorter, please") names none.
/// </remarks>
internal static class FollowUp
{
    private const float UnitsPerIdeograph = 0.4f;
    private const float Softness = 2.5f;
    private const float TaskWeight = 0.8f;
    private const float BareBelow = 0.35f;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = ReadWords();
    private static readonly string[] Phrases = ReadPhrases();

    /// <summary>True when the turn leaves most of the task to the turns before it; look further back for those.</summary>
    public static bool IsBare(ReadOnlySpan<char> turn)
    {
        var weight = ContentWeight(turn);
        return weight <= 0 || (weight < BareBelow && !TurnShares.NamesTask(turn));
    }

    /// <summary>The turn that names the task: the nearest before the last one that is not bare. Serving and training share it.</summary>
    /// <param name="previous">The user turn before the last one; empty when there is none.</param>
    /// <param name="earlier">Those before it, the nearest first.</param>
    /// <returns><paramref name="previous"/> when all of them are bare.</returns>
    public static string Task(string previous, IReadOnlyList<string> earlier)
    {
        if (!IsBare(previous))
        {
            return previous;
        }

        foreach (var turn in earlier)
        {
            if (!IsBare(turn))
            {
                return turn;
            }
        }

        return previous;
    }

    /// <summary>The share that a turn with this evidence deserves against the turns before it.</summary>
    public static float Weight(ReadOnlySpan<char> turn, bool namesTask)
    {
        var weight = ContentWeight(turn);
        return namesTask && weight > 0 ? Math.Max(weight, TaskWeight) : weight;
    }

    /// <summary>What a turn says: its letters and digits in small letters, without the words that say nothing by themselves; words apart by a blank.</summary>
    public static string Content(ReadOnlySpan<char> turn)
    {
        var content = new StringBuilder(turn.Length);
        for (var i = 0; i < turn.Length;)
        {
            var kind = CharKinds.Kinds[turn[i]];
            var length = 1;
            var says = false;
            if (kind is CharKinds.Hangul or CharKinds.Ideograph)
            {
                var skipped = PhraseLength(turn[i..]);
                (length, says) = (Math.Max(1, skipped), skipped == 0);
            }
            else if (kind is CharKinds.Letter or CharKinds.Digit)
            {
                length = WordLength(turn[i..]);
                says = !Words.Contains(turn.Slice(i, length));
                if (says && content.Length > 0)
                {
                    content.Append(' ');
                }
            }

            foreach (var unit in says ? turn.Slice(i, length) : [])
            {
                content.Append(CharKinds.Fold(unit));
            }

            i += length;
        }

        return content.ToString();
    }

    private static float ContentWeight(ReadOnlySpan<char> turn)
    {
        turn = turn.Trim();
        return turn.Length > ConversationTail.ShortTurn ? 1 : 1 - MathF.Exp(-CountUnits(turn) / Softness);
    }

    private static float CountUnits(ReadOnlySpan<char> turn)
    {
        var units = 0f;
        for (var i = 0; i < turn.Length;)
        {
            var kind = CharKinds.Kinds[turn[i]];
            if (kind is CharKinds.Hangul or CharKinds.Ideograph)
            {
                var skipped = PhraseLength(turn[i..]);
                units += skipped == 0 ? UnitsPerIdeograph : 0;
                i += Math.Max(1, skipped);
            }
            else if (kind is CharKinds.Letter or CharKinds.Digit)
            {
                var length = WordLength(turn[i..]);
                units += Words.Contains(turn.Slice(i, length)) ? 0 : 1;
                i += length;
            }
            else
            {
                i++;
            }
        }

        return units;
    }

    private static int WordLength(ReadOnlySpan<char> rest)
    {
        var end = 1;
        while (end < rest.Length && CharKinds.Kinds[rest[end]] is CharKinds.Letter or CharKinds.Digit)
        {
            end++;
        }

        return end;
    }

    private static int PhraseLength(ReadOnlySpan<char> rest)
    {
        foreach (var phrase in Phrases)
        {
            if (rest.StartsWith(phrase, StringComparison.Ordinal))
            {
                return phrase.Length;
            }
        }

        return 0;
    }

    private static IEnumerable<string> ReadTerms()
    {
        using var reader = new StreamReader(ClassifierResources.Open("follow-ups.txt"));
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                foreach (var term in line.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    yield return term;
                }
            }
        }
    }

    private static bool IsPhrase(string term) => CharKinds.Kinds[term[0]] is CharKinds.Hangul or CharKinds.Ideograph;

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ReadWords() => ReadTerms()
        .Where(term => !IsPhrase(term))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    // The longest first, so that 다시해줘 is not read as 다시 and two unknown syllables.
    private static string[] ReadPhrases() =>
        [.. ReadTerms().Where(IsPhrase).OrderByDescending(term => term.Length).ThenBy(term => term, StringComparer.Ordinal)];
}
