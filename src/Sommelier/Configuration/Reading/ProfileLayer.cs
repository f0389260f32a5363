namespace Sommelier.Configuration.Reading;

/// <summary>Lays profiles over each other and over the configuration: a key that is written above takes the place of the one below.</summary>
internal static class ProfileLayer
{
    private const string Policies = "policies";

    /// <summary>A profile with everything that it starts from; null when there is none of that name, or the names lead in a circle.</summary>
    public static ConfigGroup? Whole(ConfigGroup root, string name) => Whole(root.Group("profiles") ?? ConfigGroup.Empty, name, []);

    /// <summary>The configuration with a profile's default and policies in it.</summary>
    /// <param name="root">What the file says.</param>
    /// <param name="profile">From <see cref="Whole(ConfigGroup, string)"/>.</param>
    public static ConfigGroup Over(ConfigGroup root, ConfigGroup profile)
    {
        var below = root.Group(Policies) ?? new ConfigGroup(profile.Position, Policies);
        var policies = profile.Group(Policies) is { } own ? ByName(own, below) : below;
        if (profile["default"] is { } @default)
        {
            policies = Keys(policies, below);
            policies.Values["default"] = @default;
        }

        var merged = Keys(root, ConfigGroup.Empty);
        merged.Values[Policies] = new(policies, policies.Position, Policies);
        return merged;
    }

    private static ConfigGroup? Whole(ConfigGroup own, string name, HashSet<string> seen)
    {
        if (!seen.Add(name))
        {
            return null;
        }

        var builtIn = BuiltInProfiles.All.GetValueOrDefault(name);
        if (own.Group(name) is not { } profile)
        {
            return builtIn;
        }

        // A profile with a built-in's name changes the built-in one, also when it says so itself.
        var parent = profile.Text("extends") is { } extends && !(builtIn is not null && string.Equals(extends, name, StringComparison.Ordinal))
            ? Whole(own, extends, seen)
            : builtIn ?? ConfigGroup.Empty;
        if (parent is null)
        {
            return null;
        }

        var whole = Keys(profile, parent);
        if (profile.Group(Policies) is { } above && parent[Policies] is { Value: ConfigGroup below } value)
        {
            whole.Values[Policies] = value with { Value = ByName(above, below) };
        }

        return whole;
    }

    private static ConfigGroup ByName(ConfigGroup above, ConfigGroup below)
    {
        var merged = Keys(above, below);
        foreach (var (name, group) in ConfigBinder.Groups(above))
        {
            if (below.Group(name) is { } under)
            {
                merged.Values[name] = above[name]! with { Value = Keys(group, under) };
            }
        }

        return merged;
    }

    private static ConfigGroup Keys(ConfigGroup above, ConfigGroup below)
    {
        var merged = new ConfigGroup(above.Position, above.Path);
        foreach (var layer in (ReadOnlySpan<ConfigGroup>)[below, above])
        {
            foreach (var (key, value) in layer.Values)
            {
                merged.Values[key] = value;
            }
        }

        return merged;
    }
}
