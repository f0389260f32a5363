namespace Sommelier.Evals.Runs;

/// <summary>A run's money: what is spent, what running calls are expected to cost, and the cap that both stay under.</summary>
/// <remarks>
/// A call that would reach beyond the cap waits for those that run: they may come to less than expected. So the cap is missed
/// by no more than what one call costs beyond its expectation, for each call that runs.
/// </remarks>
/// <param name="cap">USD; null for none.</param>
/// <param name="spent">What was spent before.</param>
internal sealed class SpendMeter(decimal? cap, decimal spent = 0)
{
    private readonly Lock gate = new();
    private decimal spent = spent;
    private decimal running;
    private int calls;
    private TaskCompletionSource settled = New();

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

    /// <summary>Waits until a call may be made. Each sum that comes back is to be settled once by <see cref="Settle"/>.</summary>
    /// <param name="expect">What the call is expected to cost; asked anew after each wait, since the calls waited for have told more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>USD that are held for the call; null when the money does not suffice for it.</returns>
    public async ValueTask<decimal?> BeginAsync(Func<ExpectedCost> expect, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                var (expected, known) = expect();
                var fits = cap is not { } most || (spent < most && (spent + running + expected <= most || (calls == 0 && !known)));
                if (fits)
                {
                    running += expected;
                    calls++;
                    return expected;
                }

                if (calls == 0 || spent >= cap)
                {
                    return null;
                }

                next = settled.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A call has ended. What it taught about further ones is to be known before this.</summary>
    /// <param name="held">What <see cref="BeginAsync"/> said.</param>
    /// <param name="cost">USD that it came to.</param>
    public void Settle(decimal held, decimal cost)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            running -= held;
            spent += cost;
            calls--;
            (waiting, settled) = (settled, New());
        }

        waiting.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
