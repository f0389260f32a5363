using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.InProcess;

/// <summary>What a chat client's exception means, as an error reply.</summary>
internal static class ChatClientFailure
{
    /// <summary>The error; null for a transport that broke, which means the same here as anywhere else.</summary>
    public static GatewayError? Of(Exception error)
    {
        if (error is UpstreamException known)
        {
            return Of(known.Failure);
        }

        for (var at = error; at is not null; at = at.InnerException)
        {
            if (StatusOf(at) is { } status)
            {
                return OfStatus(status, error.Message);
            }
        }

        return error switch
        {
            HttpRequestException or IOException => null,
            OperationCanceledException or TimeoutException => OfStatus(504, "The chat client gave up waiting."),
            _ => OfStatus(500, $"{error.GetType().Name}: {error.Message}"),
        };
    }

    /// <summary>The error of a failure that a client told of in its answer.</summary>
    public static GatewayError Of(UpstreamFailure failure) => OfStatus(failure.Status ?? 500, failure.Message) with { Code = failure.Code };

    private static GatewayError OfStatus(int status, string message) => new(
        status switch
        {
            401 => GatewayErrorKind.Unauthenticated,
            402 => GatewayErrorKind.BudgetExceeded,
            403 => GatewayErrorKind.Forbidden,
            404 => GatewayErrorKind.ModelNotFound,
            429 => GatewayErrorKind.RateLimited,
            408 or 504 => GatewayErrorKind.UpstreamTimeout,
            >= 400 and < 500 => GatewayErrorKind.InvalidRequest,
            _ => GatewayErrorKind.UpstreamUnavailable,
        },
        message,
        status);

    // Clients of System.ClientModel ("HTTP 429 (…)") and of Azure.Core ("Status: 429") tell the status only in their words
    // to somebody who does not know their types.
    private static int? StatusOf(Exception error) => error is HttpRequestException { StatusCode: { } code }
        ? (int)code
        : After("HTTP ", error.Message) ?? After("Status: ", error.Message);

    private static int? After(string mark, string message)
    {
        var at = message.IndexOf(mark, StringComparison.Ordinal);
        return at >= 0 && message.Length >= at + mark.Length + 3
            && int.TryParse(message.AsSpan(at + mark.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and < 600
            ? status
            : null;
    }
}
