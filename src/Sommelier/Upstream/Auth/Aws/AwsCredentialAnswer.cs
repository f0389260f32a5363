using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Telemetry;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>
/// Reads what gives out keys: <c>AccessKeyId</c>, <c>SecretAccessKey</c>, <c>Token</c> (of container and instance) or
/// <c>SessionToken</c> (of STS and programs), <c>Expiration</c> (ISO 8601), and at instances <c>Code</c>.
/// </summary>
internal static class AwsCredentialAnswer
{
    /// <summary>The key of a JSON object.</summary>
    /// <exception cref="UpstreamException">There is none.</exception>
    public static AwsCredentials Read(ReadOnlyMemory<byte> json, string source) =>
        Read(FlatJson.Read(json) ?? throw UpstreamException.Protocol($"{source} answered with something that is not a JSON object."), source);

    /// <summary>The key of STS's XML.</summary>
    /// <exception cref="UpstreamException">There is none.</exception>
    public static AwsCredentials ReadXml(byte[] xml, string source) =>
        Read(FlatXml.Read(xml) ?? throw UpstreamException.Protocol($"{source} answered with something that is not XML."), source);

    private static AwsCredentials Read(Dictionary<string, string> members, string source)
    {
        if (members.TryGetValue("Code", out var code) && !string.Equals(code, "Success", StringComparison.Ordinal))
        {
            code = SafeText.Of(code);
            throw new UpstreamException(new(UpstreamFailureKind.AuthenticationFailed, $"{source} has no usable key: {code}. Check the role that is attached.", Code: code));
        }

        if (members.GetValueOrDefault("AccessKeyId") is not { Length: > 0 } id || members.GetValueOrDefault("SecretAccessKey") is not { Length: > 0 } secret)
        {
            throw UpstreamException.Protocol($"{source} answered without AccessKeyId or SecretAccessKey.");
        }

        DateTimeOffset? expires = DateTimeOffset.TryParse(
            members.GetValueOrDefault("Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            ? end
            : null;
        return new(id, secret, (members.GetValueOrDefault("Token") ?? members.GetValueOrDefault("SessionToken")) is { Length: > 0 } token ? token : null, expires);
    }
}
