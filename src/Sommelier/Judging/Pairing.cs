namespace Sommelier.Judging;

/// <summary>Pairs what is wanted with what there is, each once: one item may fit several wanted ones, so first come is not enough.</summary>
internal static class Pairing
{
    /// <summary>What <see cref="FirstAlone"/> gives when it took too many tries.</summary>
    public const int GivenUp = -1;

    private const int MostTries = 4_000_000;

    /// <summary>Kuhn's algorithm.</summary>
    /// <returns>The first wanted one that is left without a partner; null when each has its own.</returns>
    /// <param name="wanted">How many are wanted.</param>
    /// <param name="found">How many there are.</param>
    /// <param name="fits">Whether a wanted one and a found one fit.</param>
    public static int? FirstAlone(int wanted, int found, Func<int, int, bool> fits)
    {
        var partner = new int[found];
        Array.Fill(partner, -1);
        var tries = 0;
        for (var i = 0; i < wanted; i++)
        {
            // The one at the same place first: mostly the order is the same.
            if (i < found && partner[i] < 0 && Fit(i, i))
            {
                partner[i] = i;
                continue;
            }

            if (!Place(i, new bool[found]))
            {
                return tries > MostTries ? GivenUp : i;
            }
        }

        return null;

        bool Place(int i, bool[] tried)
        {
            // Without recursion: a chain of exchanges may be as long as the list.
            var chain = new Stack<(int Wanted, int Next)>();
            chain.Push((i, 0));
            while (chain.TryPop(out var step))
            {
                var j = step.Next;
                while (j < found && (tried[j] || !Fit(step.Wanted, j)))
                {
                    j++;
                }

                if (j == found)
                {
                    continue;
                }

                tried[j] = true;
                chain.Push((step.Wanted, j));
                if (partner[j] >= 0)
                {
                    chain.Push((partner[j], 0));
                    continue;
                }

                foreach (var (one, other) in chain)
                {
                    partner[other] = one;
                }

                return true;
            }

            return false;
        }

        bool Fit(int i, int j) => ++tries <= MostTries && fits(i, j);
    }
}
