using System.Net.Sockets;
using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>What a broken transport means in our vocabulary.</summary>
internal static class TransportFailures
{
    /// <summary>Reads an exception of the HTTP stack.</summary>
    public static UpstreamFailure Read(Exception error) => error switch
    {
        HttpRequestException http => new(Kind(http.HttpRequestError, http), Message(http)),
        HttpIOException http => new(Kind(http.HttpRequestError, http), Message(http)),
        IOException or SocketException => new(UpstreamFailureKind.ConnectionLost, Message(error)),
        OperationCanceledException => new(UpstreamFailureKind.ConnectFailed, "Connecting took too long."),
        _ => new(UpstreamFailureKind.ProtocolError, $"{error.GetType().Name}: {error.Message}"),
    };

    private static UpstreamFailureKind Kind(HttpRequestError kind, Exception error) => kind switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError or HttpRequestError.UserAuthenticationError => UpstreamFailureKind.ConnectFailed,
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError
            or HttpRequestError.ConfigurationLimitExceeded => UpstreamFailureKind.ProtocolError,
        HttpRequestError.ResponseEnded => UpstreamFailureKind.ConnectionLost,
        _ => error.InnerException is TimeoutException ? UpstreamFailureKind.ConnectFailed : UpstreamFailureKind.ConnectionLost,
    };

    private static string Message(Exception error) => error.InnerException is { } inner && !ReferenceEquals(inner, error)
        ? $"{error.Message} {inner.Message}"
        : error.Message;
}
