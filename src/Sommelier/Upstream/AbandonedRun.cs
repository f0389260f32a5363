using System.Text.Json;
using Sommelier.Wire.Dify;

namespace Sommelier.Upstream;

/// <summary>Stops an application's run that nobody waits for any more, where closing the connection does not (Dify's).</summary>
internal static class AbandonedRun
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <summary>Asks for it, beside the request path: returns at once, never throws, and gives up after some seconds.</summary>
    /// <param name="request">The request that began the run.</param>
    /// <param name="call">Whose it was.</param>
    /// <param name="task">The application's id of the run.</param>
    /// <param name="http">The way out.</param>
    /// <param name="time">The clock.</param>
    public static void Stop(UpstreamRequest request, InboundCall call, string task, UpstreamHttp http, TimeProvider time)
    {
        if (request.Endpoint.StopFor(task) is { } address)
        {
            // A run is stopped for the user that it was begun for.
            _ = StopAsync(address, DifyFiles.UserOf(call.Request), request.Provider, http, time);
        }
    }

    private static async Task StopAsync(Uri address, string user, BoundProvider provider, UpstreamHttp http, TimeProvider time)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new StringContent($$"""{"user":"{{JsonEncodedText.Encode(user)}}"}""", mediaType: new("application/json")),
            };
            provider.SetHeaders(message);
            using var timer = new CancellationTokenSource(Within, time);
            using var reply = await http.SendAsync(message, timer.Token);
        }
        catch (Exception)
        {
            // Nobody is there to be told, and the run ends by itself in the end.
        }
    }
}
