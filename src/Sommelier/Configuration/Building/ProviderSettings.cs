using Sommelier.Providers;

namespace Sommelier.Configuration.Building;

/// <summary>The values that a provider's address is made of: the configuration's, else the environment's, else the usual one.</summary>
internal sealed class ProviderSettings(IReadOnlyDictionary<string, string> given, Provider known, Func<string, string?> environment)
{
    /// <summary>Those of a configured provider.</summary>
    public static ProviderSettings Of(ProviderConfig config, Provider known, Func<string, string?> environment) => new(config.Settings, known, environment);

    /// <summary>Those that nobody has said and that have no usual value.</summary>
    public IEnumerable<ProviderSetting> Missing => known.Settings.Where(setting => Find(setting) is null);

    /// <summary>The value of a setting. One that is missing stands for itself: an address that is only looked at, never called.</summary>
    public string Value(string name) =>
        known.Settings.FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.Ordinal)) is { } setting && Find(setting) is { } value ? value : name;

    private string? Find(ProviderSetting setting)
    {
        if (given.TryGetValue(setting.Name, out var value) && value.Length > 0)
        {
            return value;
        }

        foreach (var variable in setting.Variables)
        {
            if (environment(variable) is { Length: > 0 } found)
            {
                return found;
            }
        }

        return setting.Default;
    }
}
