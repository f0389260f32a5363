using System.Text;
using Sommelier.Ledger;

namespace Sommelier.Server.Tests;

/// <summary>Requests as callers send them, by plain HTTP.</summary>
internal static class Ask
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    /// <summary>The chat endpoint of a dialect, <c>openai</c> or <c>anthropic</c>.</summary>
    public static string Path(string dialect) => dialect == "openai" ? "/v1/chat/completions" : "/v1/messages";

    /// <summary>A chat request; <paramref name="more"/> holds further fields, each with a comma behind it.</summary>
    public static string Body(string model = "auto", bool streamed = false, string more = "", string prompt = "Say hello to the world.") =>
        $$"""{"model":"{{model}}","max_tokens":64,{{more}}{{(streamed ? "\"stream\":true," : "")}}"messages":[{"role":"user","content":"{{prompt}}"}]}""";

    /// <summary>Asks for a chat; returns when the head of the reply is there.</summary>
    public static Task<HttpResponseMessage> ChatAsync(RunningGateway gateway, string dialect, bool streamed = false, string model = "auto", string more = "", params (string Name, string Value)[] headers) =>
        SendAsync(gateway, HttpMethod.Post, Path(dialect), Body(model, streamed, more), headers);

    /// <summary>Sends a request; returns when the head of the reply is there.</summary>
    public static async Task<HttpResponseMessage> SendAsync(RunningGateway gateway, HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, gateway.Url + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A header of a reply, or null.</summary>
    public static string? Header(HttpResponseMessage reply, string name) => reply.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>The ledger's entries, once there are at least so many: an entry is written after the reply's last byte.</summary>
    public static async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(this RunningGateway gateway, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var entries = await gateway.Gateway.Ledger.GetLatestAsync(1000, patience.Token);
            if (entries.Count >= count)
            {
                return entries;
            }

            await Task.Delay(10, patience.Token);
        }
    }
}
