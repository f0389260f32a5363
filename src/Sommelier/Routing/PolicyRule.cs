namespace Sommelier.Routing;

/// <summary>Another way of routing for requests that a condition picks out.</summary>
/// <param name="Name">What decision records call it; <c>rule 1</c> and so on where nobody named it.</param>
/// <param name="When">The condition.</param>
/// <param name="Then">The whole policy that holds instead, under the name of the one that the rule belongs to.</param>
public sealed record PolicyRule(string Name, Condition When, Policy Then);

/// <summary>One of several policies that share the requests between them.</summary>
/// <param name="Name">What decision records call it: the policy or model that was written.</param>
/// <param name="Share">Its share of conversations, above 0; those of all arms sum to 1.</param>
/// <param name="Then">The whole policy that holds for them.</param>
public sealed record PolicyArm(string Name, double Share, Policy Then);
