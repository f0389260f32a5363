using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.BedrockConverse;

public sealed class ConverseErrorTests
{
    [Theory]
    [InlineData(429, "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/", "Too many requests", UpstreamFailureKind.RateLimited, "ThrottlingException")]
    [InlineData(429, "ModelNotReadyException", "warming up", UpstreamFailureKind.RateLimited, "ModelNotReadyException")]
    [InlineData(400, "ServiceQuotaExceededException", "quota", UpstreamFailureKind.QuotaExhausted, "ServiceQuotaExceededException")]
    [InlineData(403, "AccessDeniedException", "no", UpstreamFailureKind.AuthenticationFailed, "AccessDeniedException")]
    [InlineData(403, "ExpiredTokenException", "late", UpstreamFailureKind.AuthenticationFailed, "ExpiredTokenException")]
    [InlineData(404, "ResourceNotFoundException", "no such model", UpstreamFailureKind.ModelNotFound, "ResourceNotFoundException")]
    [InlineData(408, "ModelTimeoutException", "slow", UpstreamFailureKind.Timeout, "ModelTimeoutException")]
    [InlineData(424, "ModelErrorException", "broke", UpstreamFailureKind.Unavailable, "ModelErrorException")]
    [InlineData(500, "InternalServerException", "broke", UpstreamFailureKind.Unavailable, "InternalServerException")]
    [InlineData(503, "ServiceUnavailableException", "busy", UpstreamFailureKind.Unavailable, "ServiceUnavailableException")]
    [InlineData(400, "ValidationException", "The provided model identifier is invalid.", UpstreamFailureKind.ModelNotFound, "ValidationException")]
    [InlineData(400, "ValidationException", "Input is too long for requested model.", UpstreamFailureKind.ContextLengthExceeded, "ValidationException")]
    [InlineData(400, "ValidationException", "messages is empty", UpstreamFailureKind.InvalidRequest, "ValidationException")]
    [InlineData(502, null, "proxy", UpstreamFailureKind.Unavailable, null)]
    public void Reads_the_kind_from_its_header(int status, string? type, string message, UpstreamFailureKind expected, string? code)
    {
        var failure = Converse.Format.Errors.Read(status, name => name == "x-amzn-errortype" ? type : null, Converse.Utf8($$"""{"message":"{{message}}"}"""), DateTimeOffset.UnixEpoch);

        Assert.Equal((expected, message, status, code), (failure.Kind, failure.Message, failure.Status, failure.Code));
    }

    [Theory]
    [InlineData("""{"__type":"com.amazon.coral.service#ThrottlingException","Message":"slow down"}""", "slow down")]
    [InlineData("""{"__type":"ThrottlingException","message":"slow down"}""", "slow down")]
    [InlineData("""{"code":"ThrottlingException","originalMessage":"slow down"}""", "slow down")]
    public void Reads_the_kind_from_the_body(string body, string message)
    {
        var failure = Converse.Format.Errors.Read(400, _ => null, Converse.Utf8(body), DateTimeOffset.UnixEpoch);

        Assert.Equal((UpstreamFailureKind.RateLimited, message, "ThrottlingException"), (failure.Kind, failure.Message, failure.Code));
    }

    [Theory]
    [InlineData("", UpstreamFailureKind.ProtocolError)]
    [InlineData("nope", UpstreamFailureKind.ProtocolError)]
    [InlineData("[]", UpstreamFailureKind.ProtocolError)]
    [InlineData("""{"message":"Too many requests","__type":"ThrottlingException"}""", UpstreamFailureKind.RateLimited)]
    [InlineData("""{"output":{"message":{"role":"assistant","content":[]}}}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"output":{"message":{"role":"assistant","content":[5]}},"stopReason":"end_turn"}""", UpstreamFailureKind.ProtocolError)]
    public void Sees_that_a_200_is_no_answer(string body, UpstreamFailureKind expected) =>
        Assert.Equal(expected, Assert.Throws<UpstreamException>(() => Converse.Format.Responses.Read(Converse.Utf8(body), WireQuirks.Default)).Failure.Kind);

    [Theory]
    [InlineData(GatewayErrorKind.InvalidRequest, 400, 400, "ValidationException")]
    [InlineData(GatewayErrorKind.Unauthenticated, 401, 403, "AccessDeniedException")]
    [InlineData(GatewayErrorKind.ModelNotFound, 404, 404, "ResourceNotFoundException")]
    [InlineData(GatewayErrorKind.RateLimited, 429, 429, "ThrottlingException")]
    [InlineData(GatewayErrorKind.UpstreamTimeout, 504, 408, "ModelTimeoutException")]
    [InlineData(GatewayErrorKind.UpstreamUnavailable, 502, 503, "ServiceUnavailableException")]
    [InlineData(GatewayErrorKind.UpstreamRejected, 422, 400, "ValidationException")]
    [InlineData(GatewayErrorKind.ContextLengthExceeded, 400, 400, "ValidationException")]
    [InlineData(GatewayErrorKind.Internal, 500, 500, "InternalServerException")]
    public void Writes_the_vendors_own_shape(GatewayErrorKind kind, int given, int status, string type)
    {
        var error = new GatewayError(kind, "words", given);
        var output = new ArrayBufferWriter<byte>();
        Converse.Format.Errors.Write(error, "req_1", output);

        Assert.Equal("""{"message":"words"}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(status, Converse.Format.Errors.Status(error));
        Assert.Equal(KeyValuePair.Create("x-amzn-ErrorType", type), Converse.Format.Errors.Header(error));
    }
}
