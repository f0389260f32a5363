using System.Runtime.CompilerServices;
using System.Text;
using Sommelier.Canonical;
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
        : this(binding, binding.ApiKeys.Count > 1 ? new KeyRing(binding) : null, 0)
    {
    }

    /// <summary>Binds a provider with one of its keys.</summary>
    public BoundProvider(ProviderBinding binding, KeyRing? ring, int keyNumber)
    {
        (Binding, Ring, KeyNumber) = (binding, ring, keyNumber);
        endpoints = [.. binding.Provider.Endpoints.SelectMany(endpoint => Below(endpoint).Prepend(endpoint).Select(each => new BoundEndpoint(binding, each, endpoint.Format)))];
        headers = [.. HeadersOf(binding)];
    }

    /// <summary>An address with the key in its query, where that is how the provider is shown it. Never logged, never in an error.</summary>
    public static Uri WithKey(ProviderBinding binding, Uri address) => binding is { KeyParameter: { } name, ApiKey: { } key } && key.Trim() is { Length: > 0 } value
        ? new($"{address.AbsoluteUri}{(address.Query.Length > 0 ? '&' : '?')}{name}={Uri.EscapeDataString(value)}")
        : address;

    /// <summary>Address and key.</summary>
    public ProviderBinding Binding { get; }

    /// <summary>Whether its models are applications, which act: see <see cref="Provider.RunsApplications"/>.</summary>
    public bool RunsApplications => Binding.Provider.RunsApplications;

    /// <summary>The provider's keys, where it has several.</summary>
    public KeyRing? Ring { get; }

    /// <summary>Which of them this one shows, from 0.</summary>
    public int KeyNumber { get; }

    /// <summary>
    /// The endpoint for a call: that of the caller's format, so that bytes pass through; else the deployment's usual one.
    /// Null when the provider has none for what is asked.
    /// </summary>
    /// <param name="format">The caller's.</param>
    /// <param name="deployment">Who is asked.</param>
    /// <param name="time">For endpoints that turned out to be missing and may be there again.</param>
    public BoundEndpoint? EndpointFor(IWireFormat format, Deployment deployment, TimeProvider time)
    {
        BoundEndpoint? usual = null;
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Format.Operation != format.Operation || endpoint.IsMissing(time) || !endpoint.Serves(deployment))
            {
                continue;
            }

            if (ReferenceEquals(endpoint.Format, format))
            {
                return endpoint;
            }

            usual ??= endpoint.TakesOthers(deployment) ? endpoint : null;
        }

        return format.Below is null ? usual : null;
    }

    /// <summary>Whether a deployment is asked in a format as it is, without translation.</summary>
    public bool Speaks(IWireFormat format, Deployment deployment)
    {
        foreach (var endpoint in endpoints)
        {
            if (ReferenceEquals(endpoint.Format, format) && endpoint.Serves(deployment))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether an endpoint may be missing: one below another's, which not every server of that format has, or a local server's
    /// of some version whose call can go to another one.
    /// </summary>
    public bool MayLack(BoundEndpoint than, Deployment deployment, TimeProvider time)
    {
        if (than.Format.Below is not null)
        {
            return true;
        }

        if (Binding.Provider.LocalPorts.Count == 0)
        {
            return false;
        }

        foreach (var endpoint in endpoints)
        {
            if (!ReferenceEquals(endpoint, than) && !endpoint.IsMissing(time) && endpoint.TakesOthers(deployment) && endpoint.Format.Operation == than.Format.Operation && endpoint.Serves(deployment))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<ProviderEndpoint> Below(ProviderEndpoint endpoint) => WireFormats.All
        .Where(format => string.Equals(format.Below?.Format, endpoint.Format, StringComparison.Ordinal))
        .Select(format => endpoint with { Format = format.Name, Path = $"{endpoint.Path}/{format.Below!.Path}", StreamPath = null });

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

    /// <summary>A failure of which no word holds the key or a configured header's value.</summary>
    public UpstreamFailure WithoutKey(UpstreamFailure failure) => failure with
    {
        Message = WithoutKey(failure.Message),
        Code = failure.Code is { } code ? WithoutKey(code) : null,
        Parameter = failure.Parameter is { } parameter ? WithoutKey(parameter) : null,
    };

    /// <summary>A text in which the key and the configured headers' values, should a vendor repeat them, are blotted out; the key as it stands in addresses and in base64, too.</summary>
    public string WithoutKey(string text)
    {
        if (Binding.ApiKey?.Trim() is { Length: > 0 } key)
        {
            text = text.Replace(key, "[key]", StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(key), "[key]", StringComparison.Ordinal)
                .Replace(Convert.ToBase64String(Encoding.UTF8.GetBytes(key)), "[key]", StringComparison.Ordinal);
        }

        text = Binding.Auth?.WithoutSecrets(text) ?? text;

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

        if (binding.KeyParameter is null && binding.ApiKey?.Trim() is { Length: > 0 } key)
        {
            yield return binding.Provider.AuthHeader(key);
        }

        foreach (var header in binding.Provider.Headers)
        {
            yield return header;
        }

        yield return new("User-Agent", "sommelier");
    }
}

/// <summary>An address of a configured provider, its format, and what is sent there for each model.</summary>
/// <param name="binding">Whose it is.</param>
/// <param name="endpoint">The address and the format.</param>
/// <param name="kin">The format that a deployment names which is served here: the endpoint's own, or that which it stands below.</param>
internal sealed class BoundEndpoint(ProviderBinding binding, ProviderEndpoint endpoint, string kin)
{
    // Quirks are worked out once per deployment record; a new catalog brings new records, and the old ones are collected.
    private readonly ConditionalWeakTable<Deployment, WireTarget> targets = [];
    private readonly ConditionalWeakTable<Deployment, Uri> addresses = [];
    private readonly ConditionalWeakTable<Deployment, Uri> streamAddresses = [];
    private readonly Uri? address = HasModel(endpoint.Path) ? null : BoundProvider.WithKey(binding, new(binding.BaseAddress, endpoint.Path));
    private readonly Uri? streamAddress = HasModel(endpoint.StreamPath ?? endpoint.Path) ? null : BoundProvider.WithKey(binding, new(binding.BaseAddress, endpoint.StreamPath ?? endpoint.Path));

    // A server that is brought up to date has it from then on, and no restart of ours should be needed to see that.
    private static readonly TimeSpan MissingFor = TimeSpan.FromMinutes(5);
    private readonly bool mayBeMissing = binding.Provider.LocalPorts.Count > 0 || WireFormats.Get(endpoint.Format).Below is not null;
    private long missingSince;
    private long answeredAt;

    /// <summary>What is spoken there.</summary>
    public IWireFormat Format { get; } = WireFormats.Get(endpoint.Format);

    /// <summary>Whether the server turned out not to have it, a few minutes ago at most: an older version of a local server.</summary>
    public bool IsMissing(TimeProvider time) => Volatile.Read(ref missingSince) is not 0 and var since && time.GetElapsedTime(since) < MissingFor;

    /// <summary>The server has said that it has no such endpoint: calls go to another one until it is asked again.</summary>
    public void Miss(TimeProvider time) => Volatile.Write(ref missingSince, Math.Max(1, time.GetTimestamp()));

    /// <summary>It has answered. Costs nothing where no endpoint is ever missing.</summary>
    public void Answered(TimeProvider time)
    {
        if (mayBeMissing)
        {
            Volatile.Write(ref answeredAt, Math.Max(1, time.GetTimestamp()));
            Volatile.Write(ref missingSince, 0);
        }
    }

    /// <summary>Whether it has answered within the last minutes, so that a 404 without a word is about the model.</summary>
    public bool HasAnswered(TimeProvider time) => Volatile.Read(ref answeredAt) is not 0 and var at && time.GetElapsedTime(at) < MissingFor;

    /// <summary>Whether calls of other formats than its own may go to it.</summary>
    public bool TakesOthers(Deployment deployment) => !Format.OwnCallersOnly && (!endpoint.OwnCallersOnly || deployment.WireFormat.Length > 0);

    /// <summary>Whether a deployment is served here: it names this format, or no format and the endpoint is open to it.</summary>
    public bool Serves(Deployment deployment) => deployment.WireFormat.Length == 0 || Format.Operation != Operation.Chat
        ? endpoint.Serves?.Invoke(deployment) ?? true
        : string.Equals(deployment.WireFormat, kin, StringComparison.Ordinal);

    /// <summary>Where requests for a deployment go.</summary>
    public Uri AddressFor(Deployment deployment, bool stream) => stream
        ? streamAddress ?? streamAddresses.GetValue(deployment, it => Fill(endpoint.StreamPath ?? endpoint.Path, it))
        : address ?? addresses.GetValue(deployment, it => Fill(endpoint.Path, it));

    /// <summary>Where a call goes: as <see cref="AddressFor"/> says, behind what its request puts before that.</summary>
    public Uri AddressOf(InboundCall call, Deployment deployment)
    {
        var usual = AddressFor(deployment, call.Outline.Stream);
        return endpoint.Prefix?.Invoke(call.Request) is { Length: > 0 } prefix
            ? new Uri(binding.BaseAddress.AbsoluteUri + prefix + usual.AbsoluteUri[binding.BaseAddress.AbsoluteUri.Length..])
            : usual;
    }

    /// <summary>Where files are uploaded before a request; null when they travel in it.</summary>
    public Uri? Uploads { get; } = endpoint.UploadPath is { } path ? new(binding.BaseAddress, path) : null;

    /// <summary>Whether a run goes on when its connection is closed, and has to be stopped.</summary>
    public bool Stops => endpoint.StopPath is not null;

    /// <summary>Where a run is stopped that nobody waits for any more; null where closing the connection stops it.</summary>
    public Uri? StopFor(string task) => endpoint.StopPath is { } path
        ? new(binding.BaseAddress.AbsoluteUri + path.Replace("{task}", Uri.EscapeDataString(task), StringComparison.Ordinal))
        : null;

    /// <summary>Who a request for a deployment is written for.</summary>
    public WireTarget TargetFor(Deployment deployment) =>
        targets.TryGetValue(deployment, out var target) ? target : targets.GetValue(deployment, MakeTarget);

    private static bool HasModel(string path) => path.Contains("model}", StringComparison.Ordinal);

    private Uri Fill(string path, Deployment deployment)
    {
        var name = Uri.EscapeDataString(deployment.Model);
        var filled = path
            .Replace("{model}", name, StringComparison.Ordinal)
            .Replace("{+model}", name.Replace("%2F", "/", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal), StringComparison.Ordinal);

        // A model name with a colon must not be read as a scheme.
        return BoundProvider.WithKey(binding, new Uri(binding.BaseAddress.AbsoluteUri + filled));
    }

    private WireTarget MakeTarget(Deployment deployment) => new()
    {
        Model = endpoint.ModelName?.Invoke(deployment) ?? deployment.Model,
        Quirks = Quirks(deployment),
        MaxOutputTokens = deployment.MaxOutputTokens,
    };

    private WireQuirks Quirks(Deployment deployment)
    {
        var known = binding.Provider.Quirks(deployment, Format.Name);
        return binding.DoneMark is { } mark ? known with { DoneMark = mark } : known;
    }
}
