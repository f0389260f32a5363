using Sommelier.Providers;

namespace Sommelier.Configuration.Building;

/// <summary>The environment variables that usually hold providers' keys.</summary>
internal static class UsualKeys
{
    /// <summary>The names of those that are set; never their values.</summary>
    public static IReadOnlyList<string> Set(Func<string, string?> environment) =>
        [.. ProviderRegistry.All.SelectMany(provider => provider.ApiKeyVariables).Distinct(StringComparer.Ordinal).Where(name => !string.IsNullOrEmpty(environment(name)))];
}
