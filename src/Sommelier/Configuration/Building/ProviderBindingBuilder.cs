using Sommelier.Providers;
using Sommelier.Upstream;

namespace Sommelier.Configuration.Building;

/// <summary>Makes what Upstream sends with out of a provider's configuration.</summary>
internal static class ProviderBindingBuilder
{
    public static ProviderBinding Of(ProviderConfig config, Provider known, Func<string, string?> environment)
    {
        // A key of the environment is meant for the provider whose variable it is: it does not go to another address
        // that merely borrows the provider's habits.
        var own = config.BaseUrl is null || string.Equals(config.Name, known.Name, StringComparison.Ordinal);
        var binding = new ProviderBinding
        {
            Name = config.Name,
            Provider = known,
            BaseAddress = Address(config, known, environment),
            ApiKeys = config.ApiKeys,
            ApiKey = config.ApiKey ?? (config.ApiKeys.Count > 0 ? config.ApiKeys[0].Key : null) ?? (own ? KeyFrom(known, environment) : null),
            KeyParameter = config.KeyParameter,
            Headers = config.Headers,
            DoneMark = config.DoneMark,
        };
        return config.ConnectTimeout is { } timeout ? binding with { ConnectTimeout = timeout } : binding;
    }

    /// <summary>The first of the provider's key variables that is set; null when none is.</summary>
    public static string? KeyFrom(Provider known, Func<string, string?> environment)
    {
        foreach (var variable in known.ApiKeyVariables)
        {
            if (environment(variable) is { Length: > 0 } key)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Where a configured provider's requests go.</summary>
    public static Uri Address(ProviderConfig config, Provider known, Func<string, string?> environment) => config.BaseUrl is null && known.Settings.Count > 0
        ? known.AddressOf(ProviderSettings.Of(config, known, environment).Value)!
        : Address(config.BaseUrl, known);

    /// <summary>The address with a slash at its end, as relative paths need it.</summary>
    public static Uri Address(Uri? given, Provider known)
    {
        if (given is null)
        {
            return known.BaseAddress ?? throw new ArgumentException($"A server of type {known.Name} needs an address; add base_url.", nameof(given));
        }

        var path = given.AbsolutePath.TrimEnd('/');

        // Anthropic's own address has no version and OpenAI's has one; people write either.
        foreach (var beginning in (ReadOnlySpan<string>)["/openai/v1", "/v1"])
        {
            if (path.EndsWith(beginning, StringComparison.Ordinal) && known.Endpoints.Any(endpoint => endpoint.Path.StartsWith($"{beginning[1..]}/", StringComparison.Ordinal)))
            {
                path = path[..^beginning.Length];
                break;
            }
        }

        return new UriBuilder(given) { Path = path + "/", Query = "", Fragment = "" }.Uri;
    }
}
