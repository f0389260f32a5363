using Sommelier.Providers;

namespace Sommelier.Configuration.Building;

/// <summary>Asks the usual ports of this machine for model servers; one that is found must answer its own list endpoint.</summary>
/// <param name="http">Sends the questions; its own timeout is not used.</param>
/// <param name="time">Ends the wait.</param>
/// <param name="ports">Ports to ask for a kind of server; null: its usual ones.</param>
internal sealed class LocalServerDiscovery(HttpMessageInvoker http, TimeProvider time, Func<Provider, IReadOnlyList<int>>? ports = null)
{
    private const int MaxListBytes = 4 * 1024 * 1024;

    /// <summary>How long a server may take to answer. On the same machine an absent one refuses at once. Default 500 ms.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The servers that answer, all asked at once: those on the usual ports unless <c>discover</c> is false, and those that
    /// the configuration names without saying what they serve.
    /// </summary>
    public async Task<IReadOnlyList<LocalServer>> FindAsync(SommelierConfig config, CancellationToken cancellationToken)
    {
        var asked = new List<Task<LocalServer?>>();
        foreach (var known in ProviderRegistry.All.Where(provider => provider.LocalPorts.Count > 0))
        {
            var own = config.Providers.Where(provider => string.Equals(provider.Type, known.Name, StringComparison.Ordinal)).ToArray();
            foreach (var provider in own.Where(provider => provider is { Enabled: true, Models.Count: 0 }))
            {
                asked.Add(AskAsync(provider.Name, known, ProviderBindingBuilder.Address(provider.BaseUrl, known), provider.ApiKey, cancellationToken));
            }

            // A name that the configuration uses, even to switch it off, is the configuration's.
            if (config.Discover && !own.Any(provider => string.Equals(provider.Name, known.Name, StringComparison.Ordinal)))
            {
                foreach (var port in ports?.Invoke(known) ?? known.LocalPorts)
                {
                    asked.Add(AskAsync(known.Name, known, new Uri($"http://127.0.0.1:{port}/v1/"), apiKey: null, cancellationToken));
                }
            }
        }

        var found = await Task.WhenAll(asked);
        return [.. found.OfType<LocalServer>().DistinctBy(server => server.Name, StringComparer.Ordinal)];
    }

    private async Task<LocalServer?> AskAsync(string name, Provider known, Uri baseAddress, string? apiKey, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, ListAddress(known, baseAddress));
        if (apiKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {apiKey}");
        }

        try
        {
            using var response = await http.SendAsync(request, both.Token);
            if (!response.IsSuccessStatusCode)
            {
                return null;
            }

            await response.Content.LoadIntoBufferAsync(MaxListBytes, both.Token);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token);
            return LocalModelList.Read(body) is { } models ? new(name, known, baseAddress, models) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // Ollama's own list tells families and clouds, which its OpenAI-compatible one leaves out.
    private static Uri ListAddress(Provider known, Uri baseAddress) =>
        known is Ollama ? new Uri(baseAddress, "/api/tags") : new Uri(baseAddress, known.ModelsPath ?? "models");
}
