using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>The ways to an AWS key that the process is offered: variables, and services beside it.</summary>
internal sealed class AwsSurroundings(CloudSurroundings around, AwsAddresses addresses)
{
    private static readonly Uri ContainerHost = new("http://169.254.170.2/");

    // Where an unencrypted endpoint may stand: this machine, and the addresses that ECS and EKS have for it.
    private static readonly string[] ContainerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

    /// <summary>A key in <c>AWS_ACCESS_KEY_ID</c> and <c>AWS_SECRET_ACCESS_KEY</c>.</summary>
    public FoundIdentity<AwsAuthOptions>? Variables(AwsAuthOptions options)
    {
        var (id, secret) = (around.Get("AWS_ACCESS_KEY_ID"), around.Get("AWS_SECRET_ACCESS_KEY"));
        if (id is not null && secret is not null)
        {
            return new(options with { Credentials = new(id, secret, around.Get("AWS_SESSION_TOKEN")) }, "AWS_ACCESS_KEY_ID");
        }

        if (id is not null || secret is not null)
        {
            return FoundIdentity<AwsAuthOptions>.Wrong(
                "AWS_ACCESS_KEY_ID", $"Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only {(id is null ? "the second" : "the first")} is set. Set both, or none.");
        }

        return null;
    }

    /// <summary>A role by web identity: <c>AWS_WEB_IDENTITY_TOKEN_FILE</c> and <c>AWS_ROLE_ARN</c>, as EKS sets them.</summary>
    public FoundIdentity<AwsAuthOptions>? WebIdentity(AwsAuthOptions options)
    {
        const string Variable = "AWS_WEB_IDENTITY_TOKEN_FILE";
        if (around.Get(Variable) is not { } file)
        {
            return null;
        }

        // Going on would sign as somebody else: on EKS, as the node.
        if (around.Get("AWS_ROLE_ARN") is not { } arn)
        {
            return FoundIdentity<AwsAuthOptions>.Wrong(Variable, $"{Variable} is set, but not AWS_ROLE_ARN with it. Set both, or none.");
        }

        var role = new AwsRole(addresses.Sts(options.Region), arn, addresses.SessionName(null));
        return new(options with { Origin = new AwsWebIdentity(role, () => around.ReadFile(file), Variable) }, Variable);
    }

    /// <summary>The endpoint that ECS or EKS names.</summary>
    public FoundIdentity<AwsAuthOptions>? Container(AwsAuthOptions options)
    {
        Uri? address = null;
        var variable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
        if (around.Get(variable) is { } relative)
        {
            address = new(ContainerHost, "/" + relative.TrimStart('/'));
        }
        else if (around.Get(variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI") is { } full)
        {
            if (!Uri.TryCreate(full, UriKind.Absolute, out address) || !MayServe(address))
            {
                return FoundIdentity<AwsAuthOptions>.Wrong(
                    variable, $"{variable} must be an https address, or one of this machine, of ECS or of EKS. Correct it.");
            }
        }

        if (address is null)
        {
            return null;
        }

        options = options with { ContainerAddress = address };
        return (around.Get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"), around.Get("AWS_CONTAINER_AUTHORIZATION_TOKEN")) switch
        {
            ({ } file, _) => new(options with { ContainerToken = () => around.ReadFile(file) }, variable),
            (_, { } token) => new(options with { ContainerToken = () => token }, variable),
            _ => new(options, variable),
        };
    }

    /// <summary>The metadata service of the machine.</summary>
    public FoundIdentity<AwsAuthOptions> Instance(AwsAuthOptions options)
    {
        if (around.IsTrue("AWS_EC2_METADATA_DISABLED"))
        {
            return FoundIdentity<AwsAuthOptions>.Wrong(
                "AWS_EC2_METADATA_DISABLED", "No AWS key was found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or AWS_BEARER_TOKEN_BEDROCK.");
        }

        return new(around.Address("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { } own ? options with { MetadataAddress = own } : options, "the instance metadata service");
    }

    private static bool MayServe(Uri address) => string.Equals(address.Scheme, "https", StringComparison.Ordinal)
        || (string.Equals(address.Scheme, "http", StringComparison.Ordinal) && (address.IsLoopback || ContainerHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase)));
}
