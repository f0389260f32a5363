using System.Text;
using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>The key of a virtual machine's role, from the EC2 instance metadata service, version 2: a session first.</summary>
internal sealed class InstanceAwsCredentials : RenewedAwsCredentials
{
    private const string Source = "The EC2 instance metadata service";
    private const string Remedy = "Attach a role to the instance, or give a key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
    private const string Roles = "latest/meta-data/iam/security-credentials/";

    private readonly Uri address;
    private readonly CredentialEndpoint endpoint;
    private volatile string? session;

    /// <summary>At the service's address, which ends with a slash.</summary>
    public InstanceAwsCredentials(Uri address, SendRequest send, TimeProvider time, ILogger? logger = null)
        : base(Source, time, logger)
    {
        this.address = address;
        endpoint = new(send, Source, Remedy, WithoutSecrets);
    }

    /// <inheritdoc/>
    protected override string WithoutOwnSecrets(string text) => Secrets.Blot(text, session, "[token]");

    /// <inheritdoc/>
    protected override async Task<AwsCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        // A session for this fetch alone; the next one is hours away.
        var begin = Request(HttpMethod.Put, "latest/api/token");
        begin.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token-ttl-seconds", "300");
        session = Line(await endpoint.AskAsync(begin, cancellationToken));

        var role = Line(await endpoint.AskAsync(Request(HttpMethod.Get, Roles), cancellationToken));
        if (role.Length == 0)
        {
            throw new UpstreamException(new(UpstreamFailureKind.AuthenticationFailed, $"{Source} knows no role of this instance. {Remedy}"));
        }

        var body = await endpoint.AskAsync(Request(HttpMethod.Get, Roles + Uri.EscapeDataString(role)), cancellationToken);
        return AwsCredentialAnswer.Read(body, Source);
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Options.Set(UpstreamHttp.ConnectTimeoutKey, CredentialEndpoint.ConnectNextDoor);
        if (method == HttpMethod.Get)
        {
            request.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token", session);
        }

        return request;
    }

    private static string Line(byte[] body) => Encoding.UTF8.GetString(body).Split('\n', 2)[0].Trim();
}
