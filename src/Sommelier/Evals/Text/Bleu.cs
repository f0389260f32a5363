namespace Sommelier.Evals.Text;

/// <summary>BLEU of one sentence (Papineni et al., 2002): the geometric mean of the precisions of runs of one to four words, cut for brevity.</summary>
/// <remarks>Words are what white space parts, in small letters, as promptfoo takes them; sacrebleu's 13a tokens differ at punctuation.</remarks>
internal static class Bleu
{
    private const int Longest = 4;

    // promptfoo's precision of a run length without a match: such an answer scores low, not zero.
    private const double Floor = 1e-7;

    /// <summary>The score, 0 to 1.</summary>
    /// <param name="candidate">The answer.</param>
    /// <param name="references">The texts; a run counts as often as in the one that has it most, and the nearest length is taken.</param>
    /// <param name="exponential">Smooths as NIST and sacrebleu do (the k-th length without a match counts 1 / 2^k runs) instead of promptfoo's floor of 1e-7.</param>
    public static double Score(string candidate, IReadOnlyList<string> references, bool exponential = false)
    {
        var words = Tokens.Lower(candidate);
        if (words.Length == 0)
        {
            return 0;
        }

        var others = references.Select(static text => Tokens.Lower(text)).ToList();
        var (sum, empty) = (0.0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            var runs = new NGrams(words, length);
            var shared = runs.Shared([.. others.Select(other => new NGrams(other, length))]);
            if (length == 1 && shared == 0)
            {
                return 0;
            }

            empty += shared == 0 ? 1 : 0;
            sum += Math.Log(shared > 0 ? (double)shared / runs.Total : exponential ? 1 / (Math.Pow(2, empty) * Math.Max(1, runs.Total)) : Floor);
        }

        return Brevity(words.Length, others) * Math.Exp(sum / Longest);
    }

    private static double Brevity(int length, List<string[]> others)
    {
        var nearest = others.Select(static words => words.Length).OrderBy(other => Math.Abs(other - length)).ThenBy(static other => other).First();
        return length > nearest ? 1 : Math.Exp(1 - (double)nearest / length);
    }
}
