using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Upstream.Auth;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream.Auth;

/// <summary>Shows requests to nobody, with credentials from a real server.</summary>
internal static class AuthLab
{
    /// <summary>The headers that an auth adds to a request.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> HeadersAsync(IRequestAuth auth)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://models.example/v1/chat");
        await auth.ApplyAsync(request, "{}"u8.ToArray(), TestContext.Current.CancellationToken);
        return request.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The failure of an auth; no secret may be in it.</summary>
    public static async Task<UpstreamFailure> FailureAsync(IRequestAuth auth, params string[] secrets)
    {
        var error = await Assert.ThrowsAsync<UpstreamException>(() => HeadersAsync(auth));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, error.Failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, auth.ToString()!, StringComparison.Ordinal);
        }

        return error.Failure;
    }

    /// <summary>The fields of a form.</summary>
    public static Dictionary<string, string> Form(string body) => body.Split('&').Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')), StringComparer.Ordinal);

    /// <summary>A pool of real connections.</summary>
    public static UpstreamHttp Http() => new(TimeProvider.System);
}
