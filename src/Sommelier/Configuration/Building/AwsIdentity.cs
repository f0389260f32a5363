using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>Finds what signs requests to AWS, in the order of its SDKs.</summary>
internal sealed class AwsIdentity
{
    private readonly CloudSurroundings around;
    private readonly AwsProfiles profiles;
    private readonly AwsSurroundings offered;
    private readonly AwsProfileIdentity profile;

    /// <summary>Looks around.</summary>
    public AwsIdentity(CloudSurroundings around)
    {
        this.around = around;
        var addresses = new AwsAddresses(around);
        profiles = new(around);
        offered = new(around, addresses);
        profile = new(around, profiles, offered, addresses);
    }

    /// <summary>
    /// A key in <c>AWS_ACCESS_KEY_ID</c> and <c>AWS_SECRET_ACCESS_KEY</c>, else the role of
    /// <c>AWS_WEB_IDENTITY_TOKEN_FILE</c> and <c>AWS_ROLE_ARN</c>, else the profile of <c>AWS_PROFILE</c> in the shared
    /// files, else the container's endpoint, else the machine's metadata service.
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
        return offered.Variables(options) ?? offered.WebIdentity(options) ?? profile.Find(options) ?? offered.Container(options) ?? offered.Instance(options);
    }

    /// <summary>The region of <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c> or the profile; null when none says it.</summary>
    public string? Region() => around.Get("AWS_REGION") ?? around.Get("AWS_DEFAULT_REGION") ?? profiles.Find(profiles.Name)?.Profile.Region;
}
