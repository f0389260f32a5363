using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>Everything that a decision depends on, and nothing else: the same query, the same decision.</summary>
public sealed record RouteQuery
{
    private static readonly Dictionary<CanaryKey, DateTimeOffset> NoneRolledBack = [];

    /// <summary>The model name that the caller sent.</summary>
    public required string Model { get; init; }

    /// <summary>What is known about the request.</summary>
    public required RequestSignals Signals { get; init; }

    /// <summary>What the caller asked of Sommelier; nothing by default.</summary>
    public CallerHints Hints { get; init; } = CallerHints.None;

    /// <summary>The providers, models and deployments that the caller's key may ask; empty for all.</summary>
    public IReadOnlyList<string> KeyModels { get; init; } = [];

    /// <summary>Who calls, for the conditions of the policy.</summary>
    public CallerFacts Caller { get; init; } = CallerFacts.Unknown;

    /// <summary>What exists.</summary>
    public required CatalogSnapshot Catalog { get; init; }

    /// <summary>How it is doing, and the moment of the decision.</summary>
    public required LiveState Live { get; init; }

    /// <summary>The rules, chosen with <see cref="PolicySet.TryChoose"/>.</summary>
    public required Policy Policy { get; init; }

    /// <summary>How <see cref="Policy"/> came out of the one that was chosen; nothing before its rules were looked at.</summary>
    public PolicyChoice Choice { get; init; } = PolicyChoice.None;

    /// <summary>The canaries that were rolled back, with the moment: they get no conversations. None by default.</summary>
    public IReadOnlyDictionary<CanaryKey, DateTimeOffset> RolledBack { get; init; } = NoneRolledBack;

    /// <summary>What every draw starts from: exploration draws, strategies do not.</summary>
    public long Seed { get; init; }

    /// <summary>What served the conversation's last turn; null for a first turn.</summary>
    public PriorChoice? Prior { get; init; }

    /// <summary>The moment of the decision, to the millisecond: what is recorded is what was decided by.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(Live.At.ToUnixTimeMilliseconds());

    /// <summary>The same moment in the policy's time zone.</summary>
    internal DateTimeOffset LocalTime => TimeZoneInfo.ConvertTime(At, Policy.TimeZone);

    /// <summary>How long ago the conversation's last turn was served; null for a first turn.</summary>
    internal TimeSpan? PriorAge => Prior is { } prior
        ? TimeSpan.FromMilliseconds(Live.At.ToUnixTimeMilliseconds() - prior.At.ToUnixTimeMilliseconds())
        : null;
}
