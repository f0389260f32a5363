using System.Text;
using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>Whether the asker was not served by the last answer: asks the same again, or says that it is wrong.</summary>
/// <remarks>
/// The same is what is the same without case, signs, spaces and the words that say nothing by themselves (<see cref="FollowUp"/>):
/// a number or a name that differs makes another question of it. A complaint is a short turn with one of the phrases of
/// complaints.txt in it.
/// </remarks>
internal static class Complaints
{
    private static readonly string[] Phrases = ReadPhrases();

    /// <summary>Whether the last turn of a conversation says so; false for a first turn.</summary>
    public static bool Is(ConversationTail tail) => tail.PreviousUser.Length > 0 && (Complains(tail.LastUser) || IsSame(tail.LastUser, tail.PreviousUser));

    private static bool Complains(string turn)
    {
        if (turn.Length is 0 or > ConversationTail.ShortTurn)
        {
            return false;
        }

        var plain = Plain(turn);
        return Array.Exists(Phrases, phrase => plain.Contains(phrase, StringComparison.Ordinal));
    }

    private static bool IsSame(string turn, string before)
    {
        var content = FollowUp.Content(turn);
        return content.Length > 0 && string.Equals(content, FollowUp.Content(before), StringComparison.Ordinal);
    }

    // Words between single blanks, one before and one after all: phrases of words begin and end with one too.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var unit in text)
        {
            if (unit is '\'' or '’')
            {
                continue;
            }

            if (CharKinds.Kinds[unit] is CharKinds.Letter or CharKinds.Digit or CharKinds.Hangul or CharKinds.Ideograph)
            {
                plain.Append(CharKinds.Fold(unit));
            }
            else if (plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }

        return (plain[^1] == ' ' ? plain : plain.Append(' ')).ToString();
    }

    private static string[] ReadPhrases()
    {
        var phrases = new List<string>();
        using var reader = new StreamReader(ClassifierResources.Open("complaints.txt"));
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                // Scripts without blanks between words match anywhere.
                phrases.AddRange(line.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(phrase => CharKinds.Kinds[phrase[0]] is CharKinds.Hangul or CharKinds.Ideograph ? Plain(phrase).Trim() : Plain(phrase)));
            }
        }

        return [.. phrases];
    }
}
