using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Resilience;

/// <summary>A candidate to be asked next, after a wait.</summary>
/// <param name="Index">Its place in the plan.</param>
/// <param name="Deployment">Who.</param>
/// <param name="Wait">How long to wait first.</param>
internal readonly record struct NextCandidate(int Index, Deployment Deployment, TimeSpan Wait);

/// <summary>Goes along a route plan for one request: who is asked next, after which wait, and who no more.</summary>
/// <remarks>
/// First everybody once, in the plan's order: another candidate now is worth more than the same one later, unless the
/// wait is hardly one. Candidates of a provider that refused the key or the account come after those of other providers.
/// Only then are candidates asked again whose failure may pass.
/// </remarks>
internal sealed class PlanWalk
{
    private readonly AttemptLimits limits;
    private readonly HealthTracker health;
    private readonly DeploymentSlots slots;
    private readonly Candidate[] candidates;
    private int again = -1;

    /// <summary>At the plan's beginning.</summary>
    public PlanWalk(IReadOnlyList<Deployment> plan, AttemptLimits limits, HealthTracker health, DeploymentSlots slots)
    {
        this.limits = limits;
        this.health = health;
        this.slots = slots;
        candidates = new Candidate[plan.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new() { Deployment = plan[i] };
        }
    }

    /// <summary>Who was passed over in the last <see cref="Next"/> because all its slots were taken; null when nobody was.</summary>
    public Deployment? Full { get; private set; }

    /// <summary>Who is asked next, and has a slot; null when nobody is left.</summary>
    public NextCandidate? Next(DateTimeOffset now, DateTimeOffset deadline)
    {
        Full = null;
        if (again >= 0)
        {
            var same = again;
            again = -1;
            if (TakeSlot(same))
            {
                return Choose(same, now);
            }
        }

        if (Untried(avoidSuspects: true) is var first and >= 0 || (first = Untried(avoidSuspects: false)) >= 0)
        {
            return Choose(first, now);
        }

        if (Retriable(now, deadline) is var retry and >= 0 && TakeSlot(retry))
        {
            return Choose(retry, now);
        }

        // Everybody is left alone at the moment. Asking the first one after all beats a certain no.
        return Array.TrueForAll(candidates, candidate => candidate.Tries == 0)
            && Array.FindIndex(candidates, candidate => !candidate.Out) is var best and >= 0 && TakeSlot(best) ? Choose(best, now) : null;
    }

    /// <summary>Who could be asked beside another; null when everybody has been asked, or is left alone at the moment.</summary>
    public NextCandidate? Spare(DateTimeOffset now) => Untried(avoidSuspects: true) is var spare and >= 0 ? Choose(spare, now) : null;

    /// <summary>Takes back that a candidate was to be asked: it was not.</summary>
    public void PutBack(int index)
    {
        candidates[index].Tries = Math.Max(0, candidates[index].Tries - 1);
        Leave(index);
    }

    /// <summary>Gives back what a candidate was let in by: it is not asked after all.</summary>
    public void Leave(int index)
    {
        health.Release(candidates[index].Deployment.Id);
        slots.Release(candidates[index].Deployment);
    }

    /// <summary>Takes a candidate out for this request: it is not configured, or would lose a field.</summary>
    public void Drop(int index)
    {
        candidates[index].Out = true;
        candidates[index].Tries = 0;
        Leave(index);
    }

    /// <summary>Asks the same candidate again at once, not counting the last time: it was asked in the wrong way.</summary>
    public void Again(int index)
    {
        candidates[index].Tries--;
        again = index;
    }

    /// <summary>Takes all candidates of a kind out for this request.</summary>
    public void DropAll(Func<Deployment, bool> kind)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i].Out |= kind(candidates[i].Deployment);
            again = again == i && candidates[i].Out ? -1 : again;
        }
    }

    /// <summary>Who stands at a place of the plan.</summary>
    public Deployment At(int index) => candidates[index].Deployment;

    /// <summary>Takes a failure.</summary>
    /// <returns>What follows from it.</returns>
    public RetryVerdict Failed(int index, UpstreamFailure failure, DateTimeOffset now, ulong seed)
    {
        ref var candidate = ref candidates[index];
        var verdict = RetryRule.Judge(failure);
        switch (verdict)
        {
            case RetryVerdict.LargerWindow:
                OnlyLargerThan(candidate.Deployment.ContextWindow);
                candidate.Out = true;
                break;
            case RetryVerdict.NextOnly:
                candidate.Out = true;
                if (failure.Kind is UpstreamFailureKind.AuthenticationFailed or UpstreamFailureKind.QuotaExhausted)
                {
                    Suspect(candidate.Deployment.Provider);
                }

                break;
            case RetryVerdict.Transient:
                var wait = RetryRule.Delay(failure, candidate.Tries, seed);
                candidate.ReadyAt = now + wait;
                var hinted = failure.RetryAfter is not null || failure.ShouldRetry is true;
                if (hinted && wait <= RetryRule.ShortWait && candidate.Tries < limits.MaxAttemptsPerDeployment)
                {
                    again = index;
                }

                break;
        }

        return verdict;
    }

    private NextCandidate Choose(int index, DateTimeOffset now)
    {
        ref var candidate = ref candidates[index];
        candidate.Tries++;
        var wait = candidate.ReadyAt - now;
        return new(index, candidate.Deployment, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    private bool TakeSlot(int index)
    {
        var taken = slots.TryTake(candidates[index].Deployment);
        Full = taken ? Full : candidates[index].Deployment;
        return taken;
    }

    private int Untried(bool avoidSuspects)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            ref var candidate = ref candidates[i];
            if (candidate is not { Tries: 0, Out: false } || (avoidSuspects && candidate.Suspect) || !health.Admit(candidate.Deployment.Id))
            {
                continue;
            }

            if (TakeSlot(i))
            {
                return i;
            }

            health.Release(candidate.Deployment.Id);
        }

        return -1;
    }

    private int Retriable(DateTimeOffset now, DateTimeOffset deadline)
    {
        var best = -1;
        for (var i = 0; i < candidates.Length; i++)
        {
            ref var candidate = ref candidates[i];
            if (candidate.Out || candidate.Tries == 0 || candidate.Tries >= limits.MaxAttemptsPerDeployment
                || candidate.ReadyAt - now > limits.MaxRetryDelay || candidate.ReadyAt >= deadline
                || health.IsOpen(candidate.Deployment.Id))
            {
                continue;
            }

            if (best < 0 || candidate.ReadyAt < candidates[best].ReadyAt)
            {
                best = i;
            }
        }

        return best;
    }

    // A candidate whose window nobody knows is not known to be larger.
    private void OnlyLargerThan(int? window)
    {
        foreach (ref var candidate in candidates.AsSpan())
        {
            candidate.Out |= window is { } tooSmall && candidate.Deployment.ContextWindow is var own && !(own > tooSmall);
        }
    }

    private void Suspect(string provider)
    {
        foreach (ref var candidate in candidates.AsSpan())
        {
            candidate.Suspect |= string.Equals(candidate.Deployment.Provider, provider, StringComparison.Ordinal);
        }
    }

    private struct Candidate
    {
        public Deployment Deployment;
        public int Tries;
        public DateTimeOffset ReadyAt;
        public bool Out;
        public bool Suspect;
    }
}
