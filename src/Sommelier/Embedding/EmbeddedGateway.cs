using Microsoft.Extensions.AI;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.Providers;

namespace Sommelier.Embedding;

/// <summary>A whole gateway inside another program: routing, attempts, fallback, prices and ledger, without an HTTP edge.</summary>
/// <example>
/// <code>
/// await using var gateway = await EmbeddedGateway.StartAsync(new()
/// {
///     ChatClients = new Dictionary&lt;string, IChatClient&gt; { ["mine"] = myChatClient },
/// });
/// using var http = new HttpClient(gateway.CreateHandler()) { BaseAddress = new("http://sommelier/v1/") };
/// // … any client library over that HttpClient, with model "in-process/mine", "auto" or a provider's model.
/// </code>
/// </example>
public sealed class EmbeddedGateway : IAsyncDisposable
{
    private readonly GatewayHost host;

    private EmbeddedGateway(GatewayHost host) => this.host = host;

    /// <summary>Reads the configuration and puts the gateway together.</summary>
    /// <exception cref="ArgumentException">The configuration is wrong; the message lists every problem.</exception>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    public static async Task<EmbeddedGateway> StartAsync(EmbeddedGatewayOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var environment = options.Environment ?? SystemEnvironment.Get;
        var config = Read(options, environment);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(1) });
        var found = await new LocalServerDiscovery(http, options.Time).FindAsync(config, cancellationToken);
        var folder = options.DataFolder ?? config.Server.Data;
        var host = await GatewayHost.StartAsync(
            GatewaySnapshotBuilder.Build(config, environment, found).Snapshot,
            new()
            {
                DatabasePath = config.Sqlite ?? Path.Combine(folder, "sommelier.db"),
                Postgres = config.Postgres,
                Redis = config.Redis,
                JournalFolder = Path.Combine(folder, "journal"),
                LedgerRetention = config.LedgerRetention,
                ChatClients = options.ChatClients,
            },
            options.Time,
            options.Logging,
            cancellationToken);
        return new(host);
    }

    /// <summary>
    /// A handler for an <see cref="HttpClient"/>: what is sent through it is served here, whatever the host in its address. It
    /// knows <c>…/chat/completions</c>, <c>…/messages</c> and <c>…/embeddings</c>. Handlers may be disposed; the gateway lives on.
    /// </summary>
    public HttpMessageHandler CreateHandler() => new GatewayHandler(host);

    /// <summary>Stops, with everything settled stored.</summary>
    public ValueTask DisposeAsync() => host.DisposeAsync();

    private static SommelierConfig Read(EmbeddedGatewayOptions options, Func<string, string?> environment)
    {
        var (config, problems) = options.Configuration is { } text
            ? ConfigReader.Read(text, ConfigFile.UsualName, environment)
            : (SommelierConfig.Default, []);
        return config is null
            ? throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options))
            : WithClients(config, options.ChatClients);
    }

    // Whoever hands a client over wants it to be found: what the configuration does not list is added to it.
    private static SommelierConfig WithClients(SommelierConfig config, IReadOnlyDictionary<string, IChatClient> clients)
    {
        var listed = config.Providers.Where(IsInProcess).SelectMany(static provider => provider.Models).Select(static model => model.Id).ToHashSet(StringComparer.Ordinal);
        ModelConfig[] missing = [.. clients.Keys.Where(id => !listed.Contains(id)).Select(static id => new ModelConfig { Id = id })];
        if (missing.Length == 0)
        {
            return config;
        }

        var known = config.Providers.FirstOrDefault(IsInProcess);
        var provider = known is null
            ? new ProviderConfig { Name = InProcess.ProviderName, Type = InProcess.ProviderName, Models = missing }
            : known with { Models = [.. known.Models, .. missing] };
        return config with { Providers = [.. config.Providers.Where(other => !ReferenceEquals(other, known)), provider] };
    }

    private static bool IsInProcess(ProviderConfig provider) => string.Equals(provider.Type, InProcess.ProviderName, StringComparison.Ordinal);
}
