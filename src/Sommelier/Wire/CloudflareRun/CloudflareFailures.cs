using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.CloudflareRun;

/// <summary>Errors of Workers AI: <c>{"success":false,"errors":[{"code":5007,"message":"…"}]}</c>, also inside HTTP 200.</summary>
internal static class CloudflareFailures
{
    /// <inheritdoc cref="IErrorWire.Read"/>
    public static UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var failure = OpenAIChatFormat.Instance.Errors.Read(status, headers, body, now);
        return ByCode(failure.Code) is { } kind && failure.Kind != UpstreamFailureKind.ContextLengthExceeded ? failure with { Kind = kind } : failure;
    }

    /// <summary>The failure that an envelope or an event of a stream holds; null when it holds none.</summary>
    public static UpstreamFailure? In(JsonElement envelope)
    {
        if (envelope.Get("errors") is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0)
        {
            return Of(errors[0]);
        }

        if (envelope.Get("error") is { ValueKind: not JsonValueKind.Undefined } error)
        {
            return Of(error);
        }

        return envelope.Get("success").ValueKind == JsonValueKind.False ? Of(envelope) : null;
    }

    private static UpstreamFailure Of(JsonElement error)
    {
        var code = error.Get("code") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : error.Text("code");
        var message = error.ValueKind == JsonValueKind.String ? error.Text() : error.Text("message");
        var failure = ErrorKinds.Failure(null, new ErrorBody(message, null, code, null, null));
        return ByCode(code) is { } kind && failure.Kind != UpstreamFailureKind.ContextLengthExceeded ? failure with { Kind = kind } : failure;
    }

    private static UpstreamFailureKind? ByCode(string? code) => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number switch
        {
            5007 or 3042 or 7000 or 7003 => UpstreamFailureKind.ModelNotFound,
            5016 or 5018 or 3023 or 3041 or 10000 or 10001 or 9109 => UpstreamFailureKind.AuthenticationFailed,
            3036 => UpstreamFailureKind.QuotaExhausted,
            3040 => UpstreamFailureKind.RateLimited,
            3007 or 3008 => UpstreamFailureKind.Unavailable,
            3003 or 3006 or 3039 or 5004 or 5005 or 5006 or 5019 => UpstreamFailureKind.InvalidRequest,
            _ => null,
        }
        : null;
}
