using System.Net;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Configuration.Building;

/// <summary>What came of asking a provider for its list of models.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Address">What was asked.</param>
/// <param name="HasKey">Whether a key was shown.</param>
/// <param name="Reached">Whether anything answered.</param>
/// <param name="Accepted">Whether it answered with its list.</param>
/// <param name="Detail">In words, with what to do; never the key.</param>
internal sealed record ProviderProbeResult(string Provider, Uri? Address, bool HasKey, bool Reached, bool Accepted, string Detail);

/// <summary>Asks configured providers for their list of models: does the address answer, is the key taken? Costs nothing.</summary>
internal sealed class ProviderProbe(UpstreamHttp http, TimeProvider time)
{
    /// <summary>How long one answer may take. Default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Asks all at once.</summary>
    public async Task<IReadOnlyList<ProviderProbeResult>> AskAsync(IEnumerable<ProviderBinding> bindings, CancellationToken cancellationToken) =>
        await Task.WhenAll(bindings.SelectMany(EachKey).Select(binding => AskAsync(binding, cancellationToken)));

    private static IEnumerable<ProviderBinding> EachKey(ProviderBinding binding) => binding.ApiKeys.Count < 2
        ? [binding]
        : binding.ApiKeys.Select((key, at) => binding with { Name = $"{binding.Name} (key {at + 1})", ApiKey = key.Key, ApiKeys = [] });

    private async Task<ProviderProbeResult> AskAsync(ProviderBinding binding, CancellationToken cancellationToken)
    {
        var hasKey = !string.IsNullOrWhiteSpace(binding.ApiKey) || binding.Auth is not null;
        if (binding.Provider.ModelsPath is not { } path)
        {
            return new(binding.Name, null, hasKey, Reached: true, Accepted: true, "has no list of models to ask for");
        }

        var address = new Uri(binding.BaseAddress, path);
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, BoundProvider.WithKey(binding, address));
        new BoundProvider(binding).SetHeaders(request);
        try
        {
            if (binding.Auth is { } auth)
            {
                await auth.ApplyAsync(request, ReadOnlyMemory<byte>.Empty, both.Token);
            }

            using var response = await http.SendAsync(request, both.Token);
            var status = (int)response.StatusCode;
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new(binding.Name, address, hasKey, true, true, "answers"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(binding.Name, address, hasKey, true, false, hasKey ? $"refuses the key ({status}); check it" : $"wants a key ({status}); set api_key"),
                HttpStatusCode.NotFound => new(binding.Name, address, hasKey, true, false, "answers, but has no list there (404); check base_url"),
                _ => new(binding.Name, address, hasKey, true, false, $"answers with {status}"),
            };
        }
        catch (UpstreamException failure)
        {
            return new(binding.Name, address, hasKey, false, false, $"cannot be shown who we are: {failure.Message}");
        }
        catch (HttpRequestException failure)
        {
            return new(binding.Name, address, hasKey, false, false, $"cannot be reached: {failure.HttpRequestError.ToString().ToLowerInvariant()}; check base_url, name resolution and the way out");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(binding.Name, address, hasKey, false, false, $"does not answer within {Timeout.TotalSeconds:0} s");
        }
    }
}
