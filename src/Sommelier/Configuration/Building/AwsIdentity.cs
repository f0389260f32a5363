using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>Finds what signs requests to AWS, in the order of its SDKs.</summary>
internal sealed class AwsIdentity(CloudSurroundings around)
{
    private static readonly Uri ContainerHost = new("http://169.254.170.2/");

    // Where an unencrypted endpoint may stand: this machine, and the addresses that ECS and EKS have for it.
    private static readonly string[] ContainerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

    /// <summary>
    /// A key in <c>AWS_ACCESS_KEY_ID</c> and <c>AWS_SECRET_ACCESS_KEY</c>, else the profile of <c>AWS_PROFILE</c> in the
    /// shared files, else the container's endpoint, else the machine's metadata service.
    /// </summary>
    /// <param name="region">The region that is signed for; null: as <see cref="Region"/> finds it.</param>
    public FoundIdentity<AwsAuthOptions> Find(string? region)
    {
        region ??= Region();
        if (region is null)
        {
            return FoundIdentity<AwsAuthOptions>.Wrong("AWS_REGION", "No AWS region is known. Set it in the provider's settings or in AWS_REGION.");
        }

        var options = new AwsAuthOptions { Region = region };
        return Variables(options) ?? Files(options) ?? Container(options) ?? Instance(options);
    }

    /// <summary>The region of <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c> or the profile; null when none says it.</summary>
    public string? Region() => around.Get("AWS_REGION") ?? around.Get("AWS_DEFAULT_REGION") ?? Profiles().Select(profile => profile.Profile.Region).FirstOrDefault(it => it is not null);

    private FoundIdentity<AwsAuthOptions>? Variables(AwsAuthOptions options)
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

        // Going on would sign as somebody else: on EKS, as the node.
        return around.Get("AWS_WEB_IDENTITY_TOKEN_FILE") is not null && around.Get("AWS_ROLE_ARN") is not null
            ? FoundIdentity<AwsAuthOptions>.Wrong(
                "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE is set, but roles by web identity are not supported. Use EKS Pod Identity or a key.")
            : null;
    }

    private FoundIdentity<AwsAuthOptions>? Files(AwsAuthOptions options)
    {
        var name = around.Get("AWS_PROFILE");
        var profiles = Profiles().ToArray();
        foreach (var (path, profile) in profiles)
        {
            if (profile.Credentials is { } credentials)
            {
                return new(options with { Credentials = credentials }, path);
            }

            if (profile.IsHalf)
            {
                return FoundIdentity<AwsAuthOptions>.Wrong(path, $"The profile {name ?? "default"} in {path} has only half a key. Give aws_access_key_id and aws_secret_access_key.");
            }
        }

        foreach (var (path, profile) in profiles)
        {
            if (profile.OtherWay is { } way)
            {
                return FoundIdentity<AwsAuthOptions>.Wrong(
                    path, $"The profile {name ?? "default"} in {path} gets its key by {way}, which is not supported. Export a key, e.g. with 'aws configure export-credentials --format env'.");
            }
        }

        // Who names a profile means it; the usual one may well have only a region.
        return name is null ? null : FoundIdentity<AwsAuthOptions>.Wrong(
            "AWS_PROFILE", $"AWS_PROFILE names {name}, for which the shared files have no key. Add it to {FileOf("AWS_SHARED_CREDENTIALS_FILE", "credentials")}, or unset AWS_PROFILE.");
    }

    private FoundIdentity<AwsAuthOptions>? Container(AwsAuthOptions options)
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

    private FoundIdentity<AwsAuthOptions> Instance(AwsAuthOptions options)
    {
        if (around.IsTrue("AWS_EC2_METADATA_DISABLED"))
        {
            return FoundIdentity<AwsAuthOptions>.Wrong(
                "AWS_EC2_METADATA_DISABLED", "No AWS key was found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or AWS_BEARER_TOKEN_BEDROCK.");
        }

        return new(around.Address("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { } own ? options with { MetadataAddress = own } : options, "the instance metadata service");
    }

    // The credentials file counts before the other.
    private IEnumerable<(string Path, AwsProfile Profile)> Profiles()
    {
        var name = around.Get("AWS_PROFILE") ?? "default";
        foreach (var path in new[] { FileOf("AWS_SHARED_CREDENTIALS_FILE", "credentials"), FileOf("AWS_CONFIG_FILE", "config") })
        {
            if (around.ReadFile(path) is { } text && AwsProfile.Find(text, name) is { } profile)
            {
                yield return (path, profile);
            }
        }
    }

    private string FileOf(string variable, string name) => around.Get(variable) ?? Path.Combine(around.Home, ".aws", name);

    private static bool MayServe(Uri address) => string.Equals(address.Scheme, "https", StringComparison.Ordinal)
        || (string.Equals(address.Scheme, "http", StringComparison.Ordinal) && (address.IsLoopback || ContainerHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase)));
}
