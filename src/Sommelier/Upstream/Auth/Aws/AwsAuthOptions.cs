using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>How requests to AWS are signed. The first of key, origin, container and instance that is given counts.</summary>
internal sealed record AwsAuthOptions
{
    /// <summary>The region that is signed for, e.g. <c>us-east-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>The name of the service that is signed for. Default <c>bedrock</c>.</summary>
    public string Service { get; init; } = "bedrock";

    /// <summary>A key; null: it is fetched.</summary>
    public AwsCredentials? Credentials { get; init; }

    /// <summary>Another way to a key; null: there is none.</summary>
    public AwsOrigin? Origin { get; init; }

    /// <summary>The endpoint beside the container; null: there is none.</summary>
    public Uri? ContainerAddress { get; init; }

    /// <summary>What that endpoint is shown, asked before every fetch; null: nothing.</summary>
    public Func<string?>? ContainerToken { get; init; }

    /// <summary>The metadata service of the virtual machine; ends with a slash.</summary>
    public Uri MetadataAddress { get; init; } = new("http://169.254.169.254/");

    /// <summary>Where the key comes from.</summary>
    public IAwsCredentialSource CreateSource(SendRequest send, TimeProvider time, ILogger? logger = null) =>
        Credentials is not null ? new StaticAwsCredentials(Credentials)
        : Origin is not null ? Origin.CreateSource(send, time, logger)
        : ContainerAddress is not null ? new ContainerAwsCredentials(ContainerAddress, ContainerToken, send, time, logger)
        : new InstanceAwsCredentials(MetadataAddress, send, time, logger);

    /// <summary>Hides the key from whoever prints options.</summary>
    public override string ToString()
    {
        var source = this switch
        {
            { Credentials: not null } => "a configured key",
            { Origin: AwsWebIdentity or AwsAssumedRole } => "a key from AWS STS",
            { Origin: AwsSignIn } => "a key from AWS IAM Identity Center",
            { Origin: not null } => "a key from a program",
            _ => $"a key from {(ContainerAddress ?? MetadataAddress).Host}",
        };
        return $"{Service} in {Region} with {source}";
    }
}
