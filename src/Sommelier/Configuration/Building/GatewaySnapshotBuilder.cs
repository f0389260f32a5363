using Sommelier.Catalog;
using Sommelier.Gateway;
using Sommelier.Providers;
using Sommelier.Routing;
using Sommelier.Routing.Prediction;
using Sommelier.Upstream;

namespace Sommelier.Configuration.Building;

/// <summary>A snapshot, and what is odd about the configuration beside the catalog: warnings, never errors.</summary>
internal sealed record GatewaySnapshotBuild(GatewaySnapshot Snapshot, IReadOnlyList<ConfigProblem> Warnings);

/// <summary>Makes what requests run on out of the configuration, the environment's keys, the local servers and the bundled catalog.</summary>
internal static class GatewaySnapshotBuilder
{
    /// <summary>Builds a snapshot. Pure: what was discovered comes in.</summary>
    /// <param name="config">What the user wrote.</param>
    /// <param name="environment">Environment variables by name.</param>
    /// <param name="discovered">Local servers that were found.</param>
    /// <param name="identities">Whose identities are shown to clouds; null: a provider without a key is shown nobody's.</param>
    public static GatewaySnapshotBuild Build(
        SommelierConfig config,
        Func<string, string?> environment,
        IReadOnlyList<LocalServer> discovered,
        CloudIdentities? identities = null)
    {
        var configured = config.Providers.Count > 0 ? config.Providers.Where(provider => provider.Enabled) : FromEnvironment(environment);
        return Build(config, [.. configured], environment, discovered, identities);
    }

    /// <summary>A snapshot for looking, not for sending: every known provider where the configuration names none, keys or not.</summary>
    public static GatewaySnapshotBuild BuildForDryRun(SommelierConfig config, Func<string, string?> environment)
    {
        var configured = config.Providers.Count > 0
            ? config.Providers.Where(provider => provider.Enabled)
            : ProviderRegistry.All.Where(IsHosted).Select(Named);
        return Build(config, [.. configured], environment, [], identities: null);
    }

    private static GatewaySnapshotBuild Build(
        SommelierConfig config,
        IReadOnlyList<ProviderConfig> configured,
        Func<string, string?> environment,
        IReadOnlyList<LocalServer> discovered,
        CloudIdentities? identities)
    {
        var warnings = new List<ConfigProblem>();
        var bindings = new Dictionary<string, ProviderBinding>(StringComparer.Ordinal);
        var deployments = new List<Deployment>();
        var quality = new QualityOverrides(BundledCatalog.Quality);
        foreach (var provider in configured)
        {
            var known = ProviderRegistry.Find(provider.Type)
                ?? throw new ArgumentException($"There is no provider of type '{provider.Type}'.", nameof(config));
            var local = discovered.FirstOrDefault(server => string.Equals(server.Name, provider.Name, StringComparison.Ordinal));
            var own = ProviderDeployments.Of(provider, known, known.RegionOf(ProviderSettings.Of(provider, known, environment).Value), local, quality);
            if (own.Count == 0)
            {
                warnings.Add(new(config.At($"providers.{provider.Name}"), $"providers.{provider.Name}", "no model of this provider can be used", "Add models, or widen only and exclude", ConfigSeverity.Warning));
            }

            var binding = ProviderBindingBuilder.Of(provider, known, environment);
            if (binding.ApiKey is null && identities is not null)
            {
                binding = binding with { Auth = identities.For(known, ProviderSettings.Of(provider, known, environment), out var problem) };
                if (problem is not null)
                {
                    warnings.Add(new(config.At($"providers.{provider.Name}"), $"providers.{provider.Name}", $"there is no identity to show: {problem}", "Put that right, or add api_key", ConfigSeverity.Warning));
                }
            }

            bindings.Add(provider.Name, binding);
            deployments.AddRange(own);
        }

        foreach (var server in discovered.Where(server => !config.Providers.Any(provider => string.Equals(provider.Name, server.Name, StringComparison.Ordinal))))
        {
            bindings.Add(server.Name, new ProviderBinding { Name = server.Name, Provider = server.Provider, BaseAddress = server.BaseAddress });
            deployments.AddRange(ProviderDeployments.Of(server));
        }

        var facts = bindings.Values.Select(binding => BundledCatalog.Provider(binding.Provider.Name)).ToArray();
        var catalog = CatalogSnapshot.Create(deployments, Aliases(config, facts), quality.Table(deployments), facts.SelectMany(f => f.Tombstones));
        warnings.AddRange(ModelNameRules.Check(config, catalog));
        var policies = PolicyBuilder.Build(config.Policies, config.TimeZone);
        if (config.Profile is { } profile)
        {
            policies = [.. ProfiledPolicies.Of(policies, profile)];
            warnings.AddRange(ProfiledPolicies.Check(config, policies));
        }

        warnings.AddRange(SimilarModelRules.Check(config, catalog, policies));
        return new(
            new GatewaySnapshot
            {
                Catalog = catalog,
                Policies = new PolicySet(policies, config.DefaultPolicy),
                Providers = bindings,
                Keys = CallerKeys.Of(config.Server.Keys),
                Limits = config.Server.Limits,
                Attempts = config.Resilience,
                Media = config.Media with { MaxCallBytes = config.Server.Limits.MaxBodyBytes / 4 * 3 },
                Bodies = config.Bodies,
                AbstainBelow = config.AbstainBelow,
                Difficulty = Difficulty(config, warnings),
                Quality = config.Quality,
                ConfigVersion = config.Version,
            },
            warnings);
    }

    // A file that cannot be used is told at the start and by config check; a reload must not stop a gateway for it.
    private static LearntDifficulty? Difficulty(SommelierConfig config, List<ConfigProblem> warnings)
    {
        if (config.DifficultyPredictor is not { } file)
        {
            return null;
        }

        try
        {
            return LearntDifficulty.Read(file, config.DifficultyModel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            const string Path = "classifier.difficulty";
            warnings.Add(new(config.At(Path), Path, $"the predictor cannot be used: {failure.Message} The signal of length and structure stands in for it", "Make the file with bench-router --save, where this process can read it", ConfigSeverity.Warning));
            return null;
        }
    }

    private static IEnumerable<ProviderConfig> FromEnvironment(Func<string, string?> environment) =>
        ProviderRegistry.All
            .Where(known => IsHosted(known) && ProviderBindingBuilder.KeyFrom(known, environment) is not null)
            .Select(Named)
            .Where(config => !ProviderSettings.Of(config, ProviderRegistry.Find(config.Type)!, environment).Missing.Any());

    private static bool IsHosted(Provider known) => known.LocalPorts.Count == 0 && (known.BaseAddress is not null || known.Settings.Count > 0);

    private static ProviderConfig Named(Provider known) => new() { Name = known.Name, Type = known.Name };

    private static Dictionary<string, string> Aliases(SommelierConfig config, IEnumerable<ProviderFacts> facts)
    {
        var aliases = new Dictionary<string, string>(config.Aliases, StringComparer.Ordinal);
        foreach (var (alias, target) in facts.SelectMany(f => f.Aliases))
        {
            aliases.TryAdd(alias, target);
        }

        return aliases;
    }
}
