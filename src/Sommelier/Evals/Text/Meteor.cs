namespace Sommelier.Evals.Text;

/// <summary>METEOR without synonyms: the words that two texts share, first as they are, then by their stems, and in how few runs they stand.</summary>
/// <remarks>
/// A. Lavie and A. Agarwal, "METEOR: an automatic metric for MT evaluation with high levels of correlation with human judgments", WMT 2007:
/// F = P R / (alpha P + (1 - alpha) R), score = F (1 - gamma (runs / matches)^beta). Words, order of matching and the usual alpha, beta and
/// gamma (0.9, 3, 0.5) are promptfoo's and NLTK's, where WordNet's synonyms follow as a third step.
/// </remarks>
internal static class Meteor
{
    /// <summary>The score against the best reference, 0 to 1.</summary>
    public static double Score(string candidate, IReadOnlyList<string> references, double alpha = 0.9, double beta = 3, double gamma = 0.5)
    {
        var words = Tokens.Lower(candidate, trimDots: true);
        return references.Max(reference => Score(words, Tokens.Lower(reference, trimDots: true), alpha, beta, gamma));
    }

    private static double Score(string[] candidate, string[] reference, double alpha, double beta, double gamma)
    {
        var partner = new int[candidate.Length];
        Array.Fill(partner, -1);
        var taken = new bool[reference.Length];
        Match(candidate, reference, partner, taken, static word => word);
        Match(candidate, reference, partner, taken, PorterStemmer.Stem);
        var places = Enumerable.Range(0, partner.Length).Where(place => partner[place] >= 0).ToList();
        if (places.Count == 0)
        {
            return 0;
        }

        var runs = 1 + Enumerable.Range(1, places.Count - 1).Count(i => places[i] != places[i - 1] + 1 || partner[places[i]] != partner[places[i - 1]] + 1);
        double matches = places.Count, precision = matches / candidate.Length, recall = matches / reference.Length;
        return precision * recall / ((alpha * precision) + ((1 - alpha) * recall)) * (1 - (gamma * Math.Pow(runs / matches, beta)));
    }

    // From the end of both texts.
    private static void Match(string[] candidate, string[] reference, int[] partner, bool[] taken, Func<string, string> form)
    {
        var places = new Dictionary<string, Stack<int>>(StringComparer.Ordinal);
        for (var i = 0; i < reference.Length; i++)
        {
            if (!taken[i])
            {
                (places.TryGetValue(form(reference[i]), out var same) ? same : places[form(reference[i])] = new()).Push(i);
            }
        }

        for (var i = candidate.Length - 1; i >= 0; i--)
        {
            if (partner[i] < 0 && places.TryGetValue(form(candidate[i]), out var found) && found.TryPop(out var place))
            {
                partner[i] = place;
                taken[place] = true;
            }
        }
    }
}
