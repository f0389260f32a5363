using Sommelier.Catalog;
using Sommelier.Configuration.Building;
using Sommelier.Configuration.Reading;
using Sommelier.Providers;

namespace Sommelier.Configuration.Rules;

/// <summary>What the keys of a provider must be together.</summary>
internal static class ProviderRules
{
    private const int MostParameter = 40;

    /// <summary>What <c>type</c> may be.</summary>
    public static IReadOnlyList<string> Types { get; } = [.. ProviderRegistry.All.Select(provider => provider.Name)];

    public static void Check(ConfigGroup root, Func<string, string?> environment, bool offline, List<ConfigProblem> problems)
    {
        foreach (var (name, group) in ConfigBinder.Groups(root.Group("providers")))
        {
            if (!IsName(name))
            {
                problems.Add(new(group.Position, group.Path, "a provider's name is the beginning of its models' ids", "Use lower-case letters, digits, '-', '_' and '.'"));
            }

            CheckType(name, group, environment, offline, problems);
            CheckModels(group.Text("type") ?? name, group, problems);
            CheckHeaders(group, problems);
            CheckKeyParameter(group, problems);
            CheckKeys(group, problems);
        }
    }

    /// <summary>Whether a word can stand in model names and addresses.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.') && char.IsAsciiLetterOrDigit(name[0]);

    private static void CheckType(string name, ConfigGroup group, Func<string, string?> environment, bool offline, List<ConfigProblem> problems)
    {
        var type = group.Text("type") ?? name;
        var position = group["type"]?.Position ?? group.Position;
        var path = group["type"]?.Path ?? group.Path;
        if (ProviderRegistry.Find(type) is not { } known)
        {
            problems.Add(Unknown(type, group, position, path));
            return;
        }

        CheckSettings(group, known, environment, offline, problems);
        if (known.BaseAddress is null && known.Settings.Count == 0)
        {
            if (!group.Values.ContainsKey("base_url") && !IsTold($"{group.Path}.base_url"))
            {
                problems.Add(new(group.Position, group.Path, $"a server of type {type} needs an address", "Add base_url, like http://10.0.0.5:8000/v1"));
            }

            if (!group.Values.ContainsKey("models") && !IsTold($"{group.Path}.models"))
            {
                problems.Add(new(group.Position, group.Path, "nothing is known of this server's models", "Add models: [{ id: … }]"));
            }
        }

        // Behind an address of the user's own there may be a server without keys.
        var keyed = offline || group.Values.ContainsKey("api_key") || group.Values.ContainsKey("api_keys") || group.Url("base_url") is not null || known.Auth == AuthScheme.None || known.Identity != CloudIdentity.None
            || known.ApiKeyVariables.Count == 0 || known.ApiKeyVariables.Any(variable => !string.IsNullOrEmpty(environment(variable)));
        if (!keyed && group.Boolean("enabled") != false && !IsTold($"{group.Path}.api_key"))
        {
            problems.Add(new(group.Position, group.Path, "there is no key for this provider", $"Add api_key, or set {string.Join(" or ", known.ApiKeyVariables)}"));
        }

        bool IsTold(string at) => problems.Any(problem => problem.Path.StartsWith(at, StringComparison.Ordinal));
    }

    private static void CheckSettings(ConfigGroup group, Provider known, Func<string, string?> environment, bool offline, List<ConfigProblem> problems)
    {
        var given = group.Group("settings");
        foreach (var (name, value) in given?.Values ?? [])
        {
            if (!known.Settings.Any(setting => string.Equals(setting.Name, name, StringComparison.Ordinal)))
            {
                problems.Add(new(value.Position, value.Path, $"{known.Name} has no setting '{name}'", known.Settings.Count == 0 ? "Remove it" : Suggestion.Remedy(name, [.. known.Settings.Select(setting => setting.Name)])));
            }
        }

        if (offline || group.Url("base_url") is not null || group.Boolean("enabled") == false)
        {
            return;
        }

        foreach (var missing in new ProviderSettings(ConfigBinder.TextMap(given), known, environment).Missing)
        {
            var variables = missing.Variables.Count == 0 ? "" : $", or set {string.Join(" or ", missing.Variables)}";
            problems.Add(new(group.Position, group.Path, $"the address of {known.Name} needs its {missing.Name}", $"Add settings: {{ {missing.Name}: … }}{variables}"));
        }
    }

    private static ConfigProblem Unknown(string type, ConfigGroup group, ConfigPosition position, string path)
    {
        if (BundledCatalog.Providers.Contains(type, StringComparer.Ordinal))
        {
            return new(position, path, $"'{type}' is in the catalog, but this version does not speak its wire format", "Remove it; or, where it has an OpenAI-compatible address too, set type: openai-compatible, base_url and models");
        }

        return group.Values.ContainsKey("type")
            ? new(position, path, $"there is no provider of type '{type}'", Suggestion.Remedy(type, Types))
            : new(position, path, $"'{type}' is no known provider", Suggestion.Nearest(type, Types) is { } near ? $"Did you mean '{near}'?" : "Add type: openai-compatible and base_url, or use a known name: " + string.Join(", ", Types));
    }

    private static void CheckKeyParameter(ConfigGroup group, List<ConfigProblem> problems)
    {
        // What has to be escaped is more likely the key itself, or a piece of an address.
        if (group["key_parameter"] is { } given && (string)given.Value is var name && (name.Length > MostParameter || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
        {
            problems.Add(new(given.Position, given.Path, "this is no name of a query parameter", "Write the name alone, such as key; the key itself goes into api_key"));
        }
    }

    private static void CheckKeys(ConfigGroup group, List<ConfigProblem> problems)
    {
        if (group["api_keys"] is not { } given)
        {
            return;
        }

        if (group.Values.ContainsKey("api_key"))
        {
            problems.Add(new(given.Position, given.Path, "api_key is given too", "Keep one of the two; api_keys may hold the other's key"));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in group.List("api_keys") ?? [])
        {
            if (((ConfigGroup)item.Value).Text("key") is { } key && !seen.Add(key))
            {
                problems.Add(new(item.Position, item.Path, "this key is given twice", "Keep one, with the weight of both"));
            }
        }
    }

    private static void CheckModels(string type, ConfigGroup group, List<ConfigProblem> problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in group.List("models") ?? [])
        {
            var model = (ConfigGroup)item.Value;
            if (model.Text("id") is { } id && !seen.Add(id))
            {
                problems.Add(new(item.Position, item.Path, $"the model '{id}' is given twice", "Keep one"));
            }

            if (model["wire"] is { } wire && ProviderRegistry.Find(type) is { } known && ProviderDeployments.ChatFormats(known) is var formats && !formats.Contains((string)wire.Value, StringComparer.Ordinal))
            {
                problems.Add(new(wire.Position, wire.Path, $"{known.Name} answers no chats in '{wire.Value}'", Suggestion.Remedy((string)wire.Value, formats)));
            }
        }
    }

    private static void CheckHeaders(ConfigGroup group, List<ConfigProblem> problems)
    {
        foreach (var (name, value) in group.Group("headers")?.Values ?? [])
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            {
                problems.Add(new(value.Position, value.Path, "this is no name of an HTTP header", "Use letters, digits and '-'"));
            }
            else if (((string)value.Value).Any(c => c is < ' ' or > '~'))
            {
                problems.Add(new(value.Position, value.Path, "the value has characters that a header cannot carry", "Use printable ASCII on one line"));
            }
        }
    }
}
