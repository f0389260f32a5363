using System.Text.Json;
using Sommelier.Server.Conformance.Scripted;

namespace Sommelier.Server.Conformance;

/// <summary>The provider behind the gateway under test: answers in the format of the address that it is asked at, as the case in play wants.</summary>
internal sealed class PlayedUpstream : IAsyncDisposable
{
    // A gateway that holds an answer back shows its caller nothing to wait for.
    private static readonly TimeSpan SeenWithin = TimeSpan.FromMilliseconds(500);

    private FaultServer? server;
    private FaultScript? script;
    private Task seen = Task.CompletedTask;
    private int asked;

    /// <summary>Listens.</summary>
    /// <param name="port">Where; 0 for a free port.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public PlayedUpstream(int port)
    {
        server = new(port, Choose);
        Port = server.Address.Port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>What gateways have to be pointed at.</summary>
    public string BaseUrl => $"http://127.0.0.1:{Port}/v1";

    /// <summary>How often a chat has been asked for since the last <see cref="PlayAsync"/>.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>Plays a script from now on.</summary>
    /// <param name="next">What to play; null to listen no more.</param>
    /// <param name="callerHasSome">Done when the caller has something of the answer.</param>
    public async Task PlayAsync(FaultScript? next, Task callerHasSome)
    {
        if (next is null && server is not null)
        {
            await server.DisposeAsync();
            server = null;
        }
        else if (next is not null)
        {
            server ??= new(Port, Choose);
        }

        Volatile.Write(ref seen, Task.WhenAny(callerHasSome, Task.Delay(SeenWithin, TimeProvider.System)));
        Volatile.Write(ref script, next);
        Volatile.Write(ref asked, 0);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private FaultReply Choose(SeenRequest request, int number)
    {
        var answer = request.Path.Contains("/chat/completions", StringComparison.Ordinal) ? ScriptedAnswer.OpenAI
            : request.Path.Contains("/messages", StringComparison.Ordinal) ? ScriptedAnswer.Anthropic
            : null;
        if (answer is null || Volatile.Read(ref script) is not { } playing)
        {
            return FaultReply.Error(404, ScriptedAnswer.OpenAI.Rejection("This server plays /chat/completions and /messages.", "not_found"));
        }

        Interlocked.Increment(ref asked);
        return playing(answer, Streamed(request.Body), Volatile.Read(ref seen));
    }

    private static bool Streamed(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
