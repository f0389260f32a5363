namespace Sommelier.Configuration.Building;

/// <summary>Where AWS gives out keys, and as whom we ask.</summary>
/// <remarks>
/// Each service's address may be another one: <c>AWS_ENDPOINT_URL_STS</c>, <c>AWS_ENDPOINT_URL_SSO</c>,
/// <c>AWS_ENDPOINT_URL_SSO_OIDC</c>, or <c>AWS_ENDPOINT_URL</c> for all, as in AWS's SDKs.
/// </remarks>
internal sealed class AwsAddresses(CloudSurroundings around)
{
    /// <summary>The Security Token Service; ends with a slash.</summary>
    public Uri Sts(string region) => Of("STS", $"sts.{region}");

    /// <summary>The portal of IAM Identity Center; ends with a slash.</summary>
    public Uri Portal(string region) => Of("SSO", $"portal.sso.{region}");

    /// <summary>The OIDC service of IAM Identity Center; ends with a slash.</summary>
    public Uri Oidc(string region) => Of("SSO_OIDC", $"oidc.{region}");

    /// <summary>Who we are in AWS's logs.</summary>
    /// <param name="said">What a profile says.</param>
    public string SessionName(string? said) => said ?? around.Get("AWS_ROLE_SESSION_NAME") ?? "sommelier";

    private Uri Of(string service, string host) => around.Address($"AWS_ENDPOINT_URL_{service}") ?? around.Address("AWS_ENDPOINT_URL")
        ?? new($"https://{host}.{(host.Contains(".cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com")}/");
}
