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

    /// <summary>Waits until a call may be made; false when the money does not suffice for it. Each yes is followed by one <see cref="Settle"/>.</summary>
    /// <param name="expected">What the call is expected to cost.</param>
    /// <param name="known">Whether that is from calls of its kind; a mere guess does not keep the last money from being spent.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> BeginAsync(decimal expected, bool known, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                var fits = cap is not { } most || (spent < most && (spent + running + expected <= most || (calls == 0 && !known)));
                if (fits)
                {
                    running += expected;
                    calls++;
                    return true;
                }

                if (calls == 0 || spent >= cap)
                {
                    return false;
                }

                next = settled.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A call has ended.</summary>
    public void Settle(decimal expected, decimal cost)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            running -= expected;
            spent += cost;
            calls--;
            (waiting, settled) = (settled, New());
        }

        waiting.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
