namespace Sommelier.Evals.Runs;

/// <summary>A run's money: what is spent, what running calls are expected to cost, and the cap that both stay under.</summary>
/// <param name="cap">USD; null for none.</param>
/// <param name="spent">What was spent before.</param>
internal sealed class SpendMeter(decimal? cap, decimal spent = 0)
{
    private readonly Lock gate = new();
    private decimal spent = spent;
    private decimal running;

    /// <summary>USD spent so far, earlier parts of the run included.</summary>
    public decimal SpentUsd
    {
        get
        {
            lock (gate)
            {
                return spent;
            }
        }
    }

    /// <summary>Whether a call was refused because of the cap: the run is over.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>Whether a call may be made that is expected to cost so much; each yes is followed by one <see cref="Settle"/>.</summary>
    public bool TryBegin(decimal expected)
    {
        lock (gate)
        {
            // What is expected may be nothing where no price is known; what is spent already still counts.
            if (cap is { } most && (spent >= most || spent + running + expected > most))
            {
                Exhausted = true;
                return false;
            }

            running += expected;
            return true;
        }
    }

    /// <summary>A call has ended.</summary>
    public void Settle(decimal expected, decimal cost)
    {
        lock (gate)
        {
            running -= expected;
            spent += cost;
        }
    }
}
