using System.Runtime.CompilerServices;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>A configured provider with everything that does not change between calls worked out once.</summary>
internal sealed class BoundProvider
{
    private const int ShortestSecret = 12;

    private readonly BoundEndpoint[] endpoints;
    private readonly KeyValuePair<string, string>[] headers;

    /// <summary>Binds a provider.</summary>
    public BoundProvider(ProviderBinding binding)
    {
        Binding = binding;
        endpoints = [.. binding.Provider.Endpoints.Select(endpoint => new BoundEndpoint(binding, endpoint))];
        headers = [.. HeadersOf(binding)];
    }

    /// <summary>Address and key.</summary>
    public ProviderBinding Binding { get; }

    /// <summary>Its own format's endpoint.</summary>
    public BoundEndpoint Main => endpoints[0];

    /// <summary>The endpoint of a format, so that bytes pass through; its own format's when it has none, or lacks it.</summary>
    public BoundEndpoint EndpointFor(IWireFormat format)
    {
        foreach (var endpoint in endpoints)
        {
            if (ReferenceEquals(endpoint.Format, format) && !endpoint.Missing)
            {
                return endpoint;
            }
        }

        return Main;
    }

    /// <summary>Sets the provider's headers; one that is already there stays.</summary>
    public void SetHeaders(HttpRequestMessage request)
    {
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.NonValidated.Contains(name))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    /// <summary>A text in which the key and the configured headers' values, should a vendor repeat them, are blotted out.</summary>
    public string WithoutKey(string text)
    {
        if (Binding.ApiKey?.Trim() is { Length: > 0 } key)
        {
            text = text.Replace(key, "[key]", StringComparison.Ordinal);
        }

        foreach (var (_, value) in Binding.Headers)
        {
            // Short values are words and versions; blotting them out would garble the vendor's message.
            if (value.Trim() is { Length: >= ShortestSecret } secret)
            {
                text = text.Replace(secret, "[header]", StringComparison.Ordinal);
            }
        }

        return text;
    }

    /// <inheritdoc/>
    public override string ToString() => Binding.ToString();

    // The configuration's headers come first: what is set stays, so they win over the provider's own.
    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(ProviderBinding binding)
    {
        foreach (var header in binding.Headers)
        {
            yield return header;
        }

        if (binding.ApiKey?.Trim() is { Length: > 0 } key)
        {
            yield return binding.Provider.Auth == AuthScheme.XApiKey ? new("x-api-key", key) : new("Authorization", $"Bearer {key}");
        }

        foreach (var header in binding.Provider.Headers)
        {
            yield return header;
        }

        yield return new("User-Agent", "sommelier");
    }
}

/// <summary>An address of a configured provider, its format, and what is sent there for each model.</summary>
internal sealed class BoundEndpoint(ProviderBinding binding, ProviderEndpoint endpoint)
{
    // Quirks are worked out once per deployment record; a new catalog brings new records, and the old ones are collected.
    private readonly ConditionalWeakTable<Deployment, WireTarget> targets = [];
    private volatile bool missing;

    /// <summary>Where requests go.</summary>
    public Uri Address { get; } = new(binding.BaseAddress, endpoint.Path);

    /// <summary>What is spoken there.</summary>
    public IWireFormat Format { get; } = WireFormats.Get(endpoint.Format);

    /// <summary>Whether the server turned out not to have it: an older version of a local server.</summary>
    public bool Missing
    {
        get => missing;
        set => missing = value;
    }

    /// <summary>Who a request for a deployment is written for.</summary>
    public WireTarget TargetFor(Deployment deployment) =>
        targets.TryGetValue(deployment, out var target) ? target : targets.GetValue(deployment, MakeTarget);

    private WireTarget MakeTarget(Deployment deployment) => new()
    {
        Model = deployment.Model,
        Quirks = binding.Provider.Quirks(deployment, Format.Name),
        MaxOutputTokens = deployment.MaxOutputTokens,
    };
}
