namespace Sommelier.Evals.Text;

/// <summary>Google's GLEU (Wu et al., 2016): of all runs of one to four words, the lesser of precision and recall, against the best reference.</summary>
internal static class Gleu
{
    private const int Longest = 4;

    /// <summary>The score, 0 to 1. Words are in small letters, without dots at their ends, as promptfoo takes them.</summary>
    public static double Score(string candidate, IReadOnlyList<string> references)
    {
        var words = Tokens.Lower(candidate, trimDots: true);
        return references.Max(reference => Score(words, Tokens.Lower(reference, trimDots: true)));
    }

    private static double Score(string[] candidate, string[] reference)
    {
        var (shared, left, right) = (0, 0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            var (ours, theirs) = (new NGrams(candidate, length), new NGrams(reference, length));
            shared += ours.Shared(theirs);
            left += ours.Total;
            right += theirs.Total;
        }

        return left == 0 || right == 0 ? 0 : (double)shared / Math.Max(left, right);
    }
}
