namespace Sommelier.Statistics.Sequential;

internal enum StoppingVerdict
{
    GoOn,
    ABetter,
    BBetter,

    /// <summary>The difference is smaller than what was said to matter: take the cheaper one.</summary>
    PracticallyEqual,
}

/// <summary>
/// Fed with one difference per item, says after each whether more are needed. May be asked as often as one likes; a verdict, once
/// given, stands.
/// </summary>
/// <remarks>
/// Items must come in a random order (seeded, the same for both models) and be independent: give clusters as one mean
/// difference each. Nothing of this holds if a person picks the next item.
/// </remarks>
internal sealed class PairedStopping
{
    private readonly StoppingSettings settings;
    private readonly AsymptoticConfidenceSequence? sequence;
    private readonly Bets? bets;
    private double sum;

    public PairedStopping(StoppingSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(settings.Equivalent, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.MinItems, nameof(settings));
        Intervals.Interval.Checked(1 - settings.Alpha);
        this.settings = settings;
        (sequence, bets) = settings.Method == StoppingMethod.Asymptotic
            ? (new AsymptoticConfidenceSequence(settings.Alpha), (Bets?)null)
            : (null, new Bets(settings));
    }

    public StoppingVerdict Verdict { get; private set; }

    /// <summary>Items with both scores so far.</summary>
    public int Count { get; private set; }

    /// <summary>The mean difference so far, A less B; NaN before the first.</summary>
    public double Mean => Count > 0 ? sum / Count : double.NaN;

    /// <summary>Takes A's score less B's on one item. An item that lacks a score (NaN) is passed over.</summary>
    public StoppingVerdict Add(double difference)
    {
        if (double.IsNaN(difference))
        {
            return Verdict;
        }

        Count++;
        sum += difference;
        sequence?.Add(difference);
        bets?.Add(difference);
        if (Verdict == StoppingVerdict.GoOn && Count >= settings.MinItems)
        {
            Verdict = sequence is null ? bets!.Judge(settings.Alpha) : Judge(sequence.Interval);
        }

        return Verdict;
    }

    private StoppingVerdict Judge(Intervals.Interval interval) =>
        interval.Low > 0 ? StoppingVerdict.ABetter
        : interval.High < 0 ? StoppingVerdict.BBetter
        : interval.Low > -settings.Equivalent && interval.High < settings.Equivalent ? StoppingVerdict.PracticallyEqual
        : StoppingVerdict.GoOn;

    /// <summary>Bets against "no difference", and against a difference as large as matters on either side.</summary>
    private sealed class Bets(StoppingSettings settings)
    {
        private readonly BettingMixture none = new();
        private readonly BettingMixture? large = settings.Equivalent > 0 ? new(settings.Equivalent) : null;
        private readonly BettingMixture? small = settings.Equivalent > 0 ? new(-settings.Equivalent) : null;

        public void Add(double difference)
        {
            none.Add(difference);
            large?.Add(difference);
            small?.Add(difference);
        }

        public StoppingVerdict Judge(double alpha)
        {
            var enough = 2 / alpha;
            return none.CapitalAbove >= enough ? StoppingVerdict.ABetter
                : none.CapitalBelow >= enough ? StoppingVerdict.BBetter
                : large?.CapitalBelow >= enough && small?.CapitalAbove >= enough ? StoppingVerdict.PracticallyEqual
                : StoppingVerdict.GoOn;
        }
    }
}
