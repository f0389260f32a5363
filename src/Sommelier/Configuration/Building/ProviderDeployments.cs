using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Configuration.Building;

/// <summary>The models of a provider: what the catalog or the server lists, less what is excluded, under what the configuration says.</summary>
internal static class ProviderDeployments
{
    /// <summary>What a model can do when nothing says so: what every chat server of today does.</summary>
    private const Capabilities Assumed = Capabilities.Tools | Capabilities.Temperature | Capabilities.Streaming;

    private const string OnPrem = "on-prem";

    /// <summary>The deployments of a configured provider.</summary>
    /// <param name="config">What the user wrote.</param>
    /// <param name="known">Facts of its type.</param>
    /// <param name="settled">Where the provider's settings say that models run; null: the catalog knows.</param>
    /// <param name="local">What the server itself lists, for kinds of server that run on the user's machines; null when it was not asked.</param>
    /// <param name="quality">Takes what the user says of the models' quality.</param>
    public static IReadOnlyList<Deployment> Of(ProviderConfig config, Provider known, string? settled, LocalServer? local, QualityOverrides quality)
    {
        var deployments = new Dictionary<string, Deployment>(StringComparer.Ordinal);

        // What a user's own server serves is what it lists; the catalog cannot know.
        var listed = known.LocalPorts.Count > 0 ? Of(local) : BundledCatalog.Provider(known.Name).Deployments;
        foreach (var deployment in listed)
        {
            if (Speaks(known, deployment) && IsWanted(config, deployment.Model))
            {
                deployments[deployment.Model] = deployment with
                {
                    Id = $"{config.Name}/{deployment.Model}",
                    Provider = config.Name,
                    Region = config.Region ?? settled ?? deployment.Region,
                    MaxDataClass = config.Data ?? deployment.MaxDataClass,
                    MaxConcurrency = config.MaxConcurrency,
                    Weight = config.Weight,
                };
            }
        }

        foreach (var model in config.Models)
        {
            if (IsWanted(config, model.Id))
            {
                var deployment = Overlay(deployments.GetValueOrDefault(model.Id) ?? New(config, known, settled, model), model, known);
                deployments[model.Id] = deployment;
                quality.Add(deployment.Id, model.Quality);
            }
        }

        return [.. deployments.Values];
    }

    /// <summary>The deployments of a local server that was found: free, and on this machine.</summary>
    public static IReadOnlyList<Deployment> Of(LocalServer? server) => server is null ? [] : [.. server.Models.Select(model => Of(server, model))];

    /// <summary>The wire formats in which a provider answers chats of callers of any dialect: what <c>wire</c> may be.</summary>
    public static IReadOnlyList<string> ChatFormats(Provider known) =>
        [.. known.Endpoints.Select(static endpoint => WireFormats.Get(endpoint.Format)).Where(static format => format is { Operation: Operation.Chat, OwnCallersOnly: false }).Select(static format => format.Name).Distinct(StringComparer.Ordinal)];

    private static Deployment Of(LocalServer server, LocalModel model)
    {
        var deployment = KnownModels.Describe(new Deployment
        {
            Id = $"{server.Name}/{model.Id}",
            Provider = server.Name,
            Model = model.Id,
            CanonicalModel = CanonicalName.Bare(model.Id),
            Kind = model.Kind,
            Capabilities = Assumed,
        }) with { ContextWindow = model.ContextWindow, Sources = [ModelFacts.ServersList] };

        // Ollama lists models that run in its cloud beside those that run here: neither free nor on this machine.
        return model.IsRemote ? deployment : deployment with { Price = Free, Region = OnPrem, MaxDataClass = DataClass.Confidential };
    }

    private static Price Free { get; } = new() { InputUsdPerMillion = 0, OutputUsdPerMillion = 0, Source = "local server", SourceDate = DateOnly.MinValue };

    private static Deployment New(ProviderConfig config, Provider known, string? settled, ModelConfig model) => KnownModels.Describe(new Deployment
    {
        Id = $"{config.Name}/{model.Id}",
        Provider = config.Name,
        Model = model.Id,
        CanonicalModel = CanonicalName.Bare(model.Canonical ?? model.Id),
        Capabilities = Assumed,
        Price = known.LocalPorts.Count > 0 ? Free : null,
        Region = config.Region ?? settled ?? (known.LocalPorts.Count > 0 ? OnPrem : ""),
        MaxDataClass = config.Data,
        MaxConcurrency = config.MaxConcurrency,
        Weight = config.Weight,
        Sources = ["configuration"],
    });

    private static Deployment Overlay(Deployment deployment, ModelConfig model, Provider known) => deployment with
    {
        CanonicalModel = model.Canonical ?? deployment.CanonicalModel,
        Name = model.Name ?? deployment.Name,
        Family = model.Family ?? deployment.Family,
        Kind = model.Kind ?? deployment.Kind,
        WireFormat = model.Wire is { } wire ? ChatFormats(known).Count > 1 ? wire : "" : deployment.WireFormat,
        ContextWindow = model.Context ?? deployment.ContextWindow,
        MaxInputTokens = model.MaxInput ?? deployment.MaxInputTokens,
        MaxOutputTokens = model.MaxOutput ?? deployment.MaxOutputTokens,
        Price = model.Price is { } price ? Of(price) : deployment.Price,
        Capabilities = model.Capabilities ?? deployment.Capabilities,
        CapabilitiesGiven = model.Capabilities is not null,
        Region = model.Region ?? deployment.Region,
        MaxDataClass = model.Data ?? deployment.MaxDataClass,
        TypicalTimeToFirstChunkMs = model.FirstChunkMs ?? deployment.TypicalTimeToFirstChunkMs,
        TypicalTokensPerSecond = model.TokensPerSecond ?? deployment.TypicalTokensPerSecond,
        MaxConcurrency = model.MaxConcurrency ?? deployment.MaxConcurrency,
        Weight = model.Weight ?? deployment.Weight,
    };

    private static Price Of(PriceConfig price) => new()
    {
        InputUsdPerMillion = price.Input,
        OutputUsdPerMillion = price.Output,
        CacheRead = price.CacheRead,
        CacheWrite5m = price.CacheWrite,
        CacheWrite1h = price.CacheWrite1h,
        Reasoning = price.Reasoning,
        InputAudio = price.InputAudio,
        OutputAudio = price.OutputAudio,
        ServiceTiers = [.. price.ServiceTiers.Select(static t => new ServiceTierPrice { Name = t.Key.ToLowerInvariant(), InputUsdPerMillion = t.Value.Input, OutputUsdPerMillion = t.Value.Output, Source = "configuration" })],
        GeoFactors = price.InferenceGeo,
        WebSearchUsdPerThousand = price.WebSearch,
        Source = "configuration",
        SourceDate = DateOnly.MinValue,
    };

    // A model that answers only in a format that this version does not speak there cannot be asked.
    private static bool Speaks(Provider known, Deployment deployment) =>
        deployment.WireFormat.Length == 0
        || known.Endpoints.Any(endpoint => string.Equals(endpoint.Format, deployment.WireFormat, StringComparison.Ordinal));

    private static bool IsWanted(ProviderConfig config, string model) =>
        (config.Only.Count == 0 || config.Only.Any(pattern => Matches(pattern, model, config.Name)))
        && !config.Exclude.Any(pattern => Matches(pattern, model, config.Name));

    private static bool Matches(string pattern, string model, string provider)
    {
        if (pattern.StartsWith(provider + "/", StringComparison.Ordinal) && Matches(pattern[(provider.Length + 1)..], model))
        {
            return true;
        }

        return Matches(pattern, model);
    }

    /// <summary>Whether a pattern means a model: in capitals or not, with an asterisk at its end for any rest.</summary>
    internal static bool Matches(string pattern, string model) => pattern.EndsWith('*')
        ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase)
        : string.Equals(pattern, model, StringComparison.OrdinalIgnoreCase);
}
