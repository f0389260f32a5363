using Sommelier.Configuration.Keys;
using Sommelier.Configuration.Yaml;

namespace Sommelier.Configuration.Reading;

/// <summary>Holds a YAML tree against the table of keys: what fits comes out, what does not becomes a problem.</summary>
/// <param name="environment">Environment variables by name; null leaves <c>${…}</c> as it is.</param>
/// <param name="complete">False when a syntax error cut the tree short: then nothing is missed.</param>
/// <param name="offline">Whether a secret whose variable is not set is left out rather than missed.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class ConfigWalker(Func<string, string?>? environment, bool complete, bool offline, List<ConfigProblem> problems)
{
    // More words than this are not listed beside the one that was meant.
    private const int MostListed = 20;

    /// <summary>The values of a group; a tree that is no group gives an empty one and a problem.</summary>
    public ConfigGroup Group(KeySpec spec, YamlTree tree, string path)
    {
        var group = new ConfigGroup(tree.Position, path);
        if (tree is YamlScalar { IsNull: true } && spec.Shorthand.Length == 0)
        {
            Demand(spec, group);
            return group;
        }

        if (tree is not YamlMap map)
        {
            if (spec.Shorthand.Length > 0 && spec.Find(spec.Shorthand) is { } filled && !(filled.Kind != KeyKind.List && tree is YamlList))
            {
                if (Value(filled, tree, path) is { } value)
                {
                    group.Values.Add(spec.Shorthand, value);
                }
            }
            else
            {
                Complain(tree.Position, path, $"this is {Describe(tree)}, and keys with values are expected", tree is YamlScalar { IsNull: false } bare && spec.BareRemedy is { } remedy ? remedy(bare.Value) : KeysOf(spec));
            }

            return group;
        }

        foreach (var entry in map.Entries)
        {
            Entry(spec, group, entry, path);
        }

        Demand(spec, group);
        return group;
    }

    private void Entry(KeySpec spec, ConfigGroup group, YamlEntry entry, string path)
    {
        var at = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
        if (entry.Key is "<<")
        {
            Complain(entry.Position, at, "merge keys are not supported", "Write the keys out; policies have 'extends'");
            return;
        }

        if (spec.Find(entry.Key) is not { } key)
        {
            IReadOnlyList<string> known = spec.Others is not null && spec.Keys.Count == 0 ? spec.OtherNames : [.. spec.Keys.Select(k => k.Name)];
            Complain(entry.Position, at, $"there is no key '{entry.Key}' here", Suggestion.Remedy(entry.Key, known));
            return;
        }

        if (group.Values.ContainsKey(entry.Key) || !seen.Add((group, entry.Key)))
        {
            Complain(entry.Position, at, $"the key '{entry.Key}' is given twice", "Keep one");
            return;
        }

        if (Value(key, entry.Value, at) is { } value)
        {
            group.Values.Add(entry.Key, value);
        }
    }

    private readonly HashSet<(ConfigGroup, string)> seen = [];

    private ConfigValue? Value(KeySpec key, YamlTree tree, string path)
    {
        switch (key.Kind)
        {
            case KeyKind.Group:
                return new(Group(key, tree, path), tree.Position, path);
            case KeyKind.Any:
                return new(tree, tree.Position, path);
            case KeyKind.List:
                return tree is YamlScalar { IsNull: true } ? null : new(Items(key, tree, path), tree.Position, path);
            default:
                return tree is YamlScalar scalar ? Scalar(key, scalar, path) : Wrong(key, tree, path);
        }
    }

    private List<ConfigValue> Items(KeySpec key, YamlTree tree, string path)
    {
        var items = new List<ConfigValue>();
        if (tree is YamlList list)
        {
            for (var i = 0; i < list.Items.Count; i++)
            {
                Add(list.Items[i], $"{path}[{i}]");
            }
        }
        else if (tree is YamlMap && key.Item!.Kind != KeyKind.Group)
        {
            Wrong(key, tree, path);
        }
        else
        {
            Add(tree, path);
        }

        return items;

        void Add(YamlTree item, string at)
        {
            if (item is YamlScalar { IsNull: true })
            {
                Complain(item.Position, at, "the list has an empty item", "Remove it, or give it a value");
            }
            else if (Value(key.Item!, item, at) is { } value)
            {
                items.Add(value);
            }
        }
    }

    private ConfigValue? Scalar(KeySpec key, YamlScalar scalar, string path)
    {
        if (scalar.IsNull)
        {
            return null;
        }

        if (Expanded(key, scalar, path) is not { } expanded)
        {
            // Told already; "missing" on top would be the same mistake twice.
            told.Add(path);
            return null;
        }

        if (ScalarParser.Parse(key, expanded, out var expected) is { } value)
        {
            return new(value, scalar.Position, path);
        }

        told.Add(path);

        // A value that came from the environment may be a secret that was put into the wrong variable.
        var hidden = key.Kind == KeyKind.Secret || !string.Equals(expanded, scalar.Value, StringComparison.Ordinal);
        var remedy = key.Kind == KeyKind.Choice && Suggestion.Nearest(expanded, key.Choices) is { } nearest ? $"Did you mean '{nearest}'?" : "";
        if (remedy.Length > 0 && key.Choices.Count > MostListed)
        {
            expected = "known";
        }

        Complain(scalar.Position, path, $"{(hidden ? "the value" : $"'{Short(expanded)}'")} is not {expected}", remedy);
        return null;
    }

    private string? Expanded(KeySpec key, YamlScalar scalar, string path)
    {
        if (environment is null)
        {
            return scalar.Value;
        }

        // Absent secrets leave their keys in place: what matters offline is that something stands there.
        var variables = offline && key.Kind == KeyKind.Secret ? name => environment(name) is { Length: > 0 } value ? value : "absent" : environment;
        return VariableExpansion.Expand(scalar.Value, variables, (what, remedy) => Complain(scalar.Position, path, what, remedy));
    }

    private ConfigValue? Wrong(KeySpec key, YamlTree tree, string path)
    {
        told.Add(path);
        Complain(tree.Position, path, $"this is {Describe(tree)}, and {(key.Kind == KeyKind.List ? "a list" : "a single value")} is expected", $"{key.Summary}");
        return null;
    }

    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    private void Demand(KeySpec spec, ConfigGroup group)
    {
        foreach (var key in spec.Keys)
        {
            var at = group.Path.Length == 0 ? key.Name : $"{group.Path}.{key.Name}";
            if (complete && key.Required && !group.Values.ContainsKey(key.Name) && !told.Contains(at))
            {
                Complain(group.Position, at, "this is missing", $"Add it: {char.ToLowerInvariant(key.Summary[0])}{key.Summary[1..]}");
            }
        }
    }

    private void Complain(ConfigPosition position, string path, string what, string remedy) => problems.Add(new(position, path, what, remedy));

    private static string Short(string text) => text.Length <= 60 ? text : $"{text.AsSpan(0, 57)}...";

    private static string KeysOf(KeySpec spec) =>
        spec.Keys.Count > 0 ? $"Give keys, of: {string.Join(", ", spec.Keys.Select(k => k.Name))}" : $"Give them as '{spec.Others?.Name}: value'";

    private static string Describe(YamlTree tree) => tree switch
    {
        YamlMap => "a mapping",
        YamlList => "a list",
        _ => "a single value",
    };
}
