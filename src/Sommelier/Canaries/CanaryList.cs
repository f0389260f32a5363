using Sommelier.Routing;

namespace Sommelier.Canaries;

/// <summary>The canaries of policies: their own, and those of what their rules and splits lead to.</summary>
internal static class CanaryList
{
    /// <summary>Every canary that may decide a request, once.</summary>
    public static IEnumerable<(CanaryKey Key, CanarySettings Canary)> Of(PolicySet policies) =>
        policies.All.SelectMany(Of).DistinctBy(one => one.Key);

    /// <summary>A canary by its key, or null.</summary>
    public static CanarySettings? Find(PolicySet policies, CanaryKey key) => policies.Find(key.Policy) is { } policy
        ? Of(policy).FirstOrDefault(one => one.Key == key).Canary
        : null;

    /// <summary>Those of one policy. What a canary leads to is not looked at: one canary decides a request.</summary>
    public static IEnumerable<(CanaryKey Key, CanarySettings Canary)> Of(Policy policy)
    {
        var parts = policy.Rules.Select(rule => rule.Then).Concat(policy.Split.Select(arm => arm.Then)).SelectMany(Of);
        return policy.Canary is { } canary ? parts.Prepend((new CanaryKey(policy.Name, canary.Version), canary)) : parts;
    }
}
