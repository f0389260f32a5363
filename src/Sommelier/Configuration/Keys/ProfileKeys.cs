namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>profile</c> and <c>profiles</c>.</summary>
internal static class ProfileKeys
{
    /// <summary>The environment variable that wins over the key <c>profile</c>.</summary>
    public const string Variable = "SOMMELIER_PROFILE";

    public static KeySpec Profile { get; } = KeySpec.Text("profile", $"The profile in force: prototype, optimize, production or one of profiles; --profile and {Variable} win over it") with { Default = "none" };

    public static KeySpec Profiles { get; } = KeySpec.Map(
        "profiles",
        "Sets of settings that are switched as a whole; prototype, optimize and production exist already (docs/routing.md)",
        KeySpec.Group(
            "NAME",
            "A profile: its default, and keys that are laid over every policy, where limits only tighten",
            [
                KeySpec.Text("extends", "The profile whose keys it starts from") with { Default = "the built-in one of its name" },
                KeySpec.Text("default", "The policy of requests that name none") with { Default = "that of policies" },
                PolicyKeys.First,
                .. PolicyKeys.Limits,
                PolicyKeys.Explore,
                KeySpec.Map("policies", "Keys that replace those of one policy, or add a policy", PolicyKeys.Policy),
            ]));
}
