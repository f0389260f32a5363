using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>The keys of a provider that has several: which one a call shows, and which are left alone for a while.</summary>
/// <remarks>
/// A key is drawn by weight among those that are not paused. A rate limit or an unknown model pauses the key for that model; a
/// refused key or an empty account pauses it for all. Only when no key is left is it the deployment's own pause, see
/// <see cref="Failed"/>. Instances that share a Redis tell each other of it; a new configuration forgets it.
/// </remarks>
internal sealed class KeyRing
{
    private readonly BoundProvider[] keys;
    private readonly double[] weights;
    private readonly ConcurrentDictionary<(int Key, string Model), DateTimeOffset> paused = new();

    /// <summary>Binds a provider once for each of its keys.</summary>
    public KeyRing(ProviderBinding binding)
    {
        keys = [.. binding.ApiKeys.Select((key, number) => new BoundProvider(binding with { ApiKey = key.Key, ApiKeys = [] }, this, number))];
        weights = [.. binding.ApiKeys.Select(static key => key.Weight)];
    }

    /// <summary>How many keys there are.</summary>
    public int Count => keys.Length;

    /// <summary>The provider with the key for a call; when all are paused, with the one whose pause ends first.</summary>
    /// <param name="model">The model that is asked.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">Where the draw falls, from 0 up to 1.</param>
    public BoundProvider Choose(string model, DateTimeOffset now, double chance)
    {
        var point = chance * FreeWeight(model, now);
        var soonest = 0;
        var last = -1;
        for (var i = 0; i < keys.Length; i++)
        {
            if (FreeAt(i, model) > now)
            {
                soonest = FreeAt(i, model) < FreeAt(soonest, model) ? i : soonest;
                continue;
            }

            last = i;
            point -= weights[i];
            if (point < 0)
            {
                break;
            }
        }

        return keys[last >= 0 ? last : soonest];
    }

    /// <summary>Takes a failure of a call with one of the keys.</summary>
    /// <param name="number">Which key.</param>
    /// <param name="model">The model that was asked.</param>
    /// <param name="kind">What went wrong.</param>
    /// <param name="pause">How long the key is left alone.</param>
    /// <param name="now">The time.</param>
    /// <returns>The key's pause; null when the failure says nothing about the key.</returns>
    public KeyPause? Failed(int number, string model, UpstreamFailureKind kind, TimeSpan pause, DateTimeOffset now)
    {
        string which;
        switch (kind)
        {
            case UpstreamFailureKind.RateLimited or UpstreamFailureKind.ModelNotFound:
                which = model;
                break;
            case UpstreamFailureKind.AuthenticationFailed or UpstreamFailureKind.QuotaExhausted:
                which = "";
                break;
            default:
                return null;
        }

        Pause(number, which, now + pause);
        var free = DateTimeOffset.MaxValue;
        for (var i = 0; i < keys.Length; i++)
        {
            free = FreeAt(i, model) is var at && at < free ? at : free;
        }

        return new(which, now + pause, free);
    }

    /// <summary>Leaves a key alone for a model; for all when it is empty.</summary>
    public void Pause(int number, string model, DateTimeOffset until) =>
        paused.AddOrUpdate((number, model), until, (_, known) => known > until ? known : until);

    private double FreeWeight(string model, DateTimeOffset now)
    {
        var free = 0.0;
        for (var i = 0; i < keys.Length; i++)
        {
            free += FreeAt(i, model) > now ? 0 : weights[i];
        }

        return free;
    }

    private DateTimeOffset FreeAt(int number, string model)
    {
        if (paused.IsEmpty)
        {
            return DateTimeOffset.MinValue;
        }

        var whole = paused.GetValueOrDefault((number, ""));
        var own = paused.GetValueOrDefault((number, model));
        return whole > own ? whole : own;
    }
}

/// <summary>What a failure does to a key.</summary>
/// <param name="Model">For which model it is left alone; empty for all.</param>
/// <param name="Until">Until when.</param>
/// <param name="FreeAt">When a key of the ring is free again for the model that was asked: in the past when another one is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyPause(string Model, DateTimeOffset Until, DateTimeOffset FreeAt);

/// <summary>One of several keys of a provider.</summary>
/// <param name="Key">The key. Never logged, never in an error, never in the ledger.</param>
/// <param name="Weight">Its share of the calls; above 0.</param>
internal sealed record ProviderKey(string Key, double Weight)
{
    /// <summary>Hides the key from whoever prints it.</summary>
    public override string ToString() => $"a key of weight {Weight}";
}
