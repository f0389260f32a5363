using System.Runtime.InteropServices;
using System.Text;

namespace Sommelier.Routing.Classification;

/// <summary>What scores are divided by before the soft maximum, so that probabilities mean what they say on sources that were never seen.</summary>
/// <remarks>
/// Two, because one is too sure of English and not sure enough of all else: public English rows are benchmarks of many makers, each with its own
/// idea of a task, and what other languages share with training are the cues, which name the task itself. docs/classifier.md has the figures.
/// </remarks>
/// <param name="Plain">For texts in letters without marks: English, for the most part, and code.</param>
/// <param name="Marked">For texts in which more than one unit in a hundred is another letter: most other languages.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Temperatures(float Plain, float Marked)
{
    private const int OneIn = 100;
    private const char LastOfAscii = '\u007f';

    /// <summary>Below this the last turn counts less than the turns before it, and their letters tell.</summary>
    private const float MostOfTheAnswer = 0.5f;

    /// <summary>The temperature of a request.</summary>
    /// <param name="input">The texts.</param>
    /// <param name="lastWeight">How much of the answer the last user turn gave, 0 to 1.</param>
    public float For(in ClassifierInput input, float lastWeight) =>
        IsMarked(lastWeight < MostOfTheAnswer && !input.PreviousUserTurn.IsWhiteSpace() ? input.PreviousUserTurn : input.LastUserTurn) ? Marked : Plain;

    /// <summary>Whether more than one unit in a hundred of a text's beginning is a letter outside of ASCII; punctuation, symbols and emoji are none.</summary>
    public static bool IsMarked(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, TextFeatures.HeadUnits)];
        if (Ascii.IsValid(text))
        {
            return false;
        }

        var kinds = CharKinds.Kinds;
        var marked = 0;
        foreach (var unit in text)
        {
            marked += unit > LastOfAscii && kinds[unit] is (CharKinds.Letter or CharKinds.Hangul or CharKinds.Ideograph) ? 1 : 0;
            if (marked * OneIn > text.Length)
            {
                return true;
            }
        }

        return false;
    }
}
