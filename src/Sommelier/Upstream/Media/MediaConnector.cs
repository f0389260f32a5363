using System.Net;
using System.Net.Sockets;

namespace Sommelier.Upstream.Media;

/// <summary>Resolves a host's name, checks every address of it and connects to just these: a name that changes its mind in between gains nothing.</summary>
/// <param name="resolve">The addresses of a name.</param>
internal sealed class MediaConnector(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Carries the limits of the call.</summary>
    public static readonly HttpRequestOptionsKey<MediaOptions> OptionsKey = new("sommelier.media");

    /// <summary>Connects for a request.</summary>
    /// <exception cref="MediaRefusedException">The host is not to be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var options = context.InitialRequestMessage.Options.TryGetValue(OptionsKey, out var own) ? own : MediaOptions.Default;
        foreach (var address in await CheckedAsync(host, options, cancellationToken))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                // The next address may be better.
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw MediaRefusedException.Unreachable();
    }

    private async Task<IPAddress[]> CheckedAsync(string host, MediaOptions options, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            throw MediaRefusedException.Unreachable();
        }

        // One bad address among good ones is a trap, not a choice.
        return options.Allows(host.Trim('[', ']')) || Array.TrueForAll(addresses, PublicAddress.Is) ? addresses : throw MediaRefusedException.Unreachable();
    }
}
