namespace Sommelier.Configuration;

/// <summary>What a profile lays over every policy; its default and its policies are in the configuration already.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Over">Its keys; null means "as in the policy".</param>
internal sealed record ProfileConfig(string Name, PolicyConfig Over);
