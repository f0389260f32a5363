using System.Globalization;
using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>Follows a profile of AWS's shared files to a key: its own, a role's, a sign-in's, a program's.</summary>
internal sealed class AwsProfileIdentity(CloudSurroundings around, AwsProfiles profiles, AwsSurroundings offered, AwsAddresses addresses)
{
    private readonly AwsSignInIdentity signIns = new(around, profiles, addresses);

    /// <summary>The key of the profile that is meant; null when nobody means one and the usual one leads to none.</summary>
    public FoundIdentity<AwsAuthOptions>? Find(AwsAuthOptions options)
    {
        if (Of(profiles.Name, options, []) is { } found)
        {
            return found;
        }

        // Who names a profile means it; the usual one may well have only a region.
        return around.Get("AWS_PROFILE") is { } name ? Wrong(
            "AWS_PROFILE", $"AWS_PROFILE names {name}, for which the shared files have no key. Add it to {profiles.CredentialsPath}, or unset AWS_PROFILE.") : null;
    }

    private FoundIdentity<AwsAuthOptions>? Of(string name, AwsAuthOptions options, HashSet<string> seen)
    {
        if (profiles.Find(name) is not var (path, profile))
        {
            return null;
        }

        // A role may be lent to the key that stands beside it.
        if (seen.Add(name) && profile.Get("role_arn") is { } arn)
        {
            return Role(arn, profile, name, path, options, seen);
        }

        if (signIns.Find(profile, name, path, options) is { } signIn)
        {
            return signIn;
        }

        if (profile.Credentials is { } credentials)
        {
            return new(options with { Credentials = credentials }, path);
        }

        if (profile.IsHalf)
        {
            return Wrong(path, $"The profile {name} in {path} has only half a key. Give aws_access_key_id and aws_secret_access_key.");
        }

        if (profile.Get("credential_process") is { } command)
        {
            return new(options with { Origin = new AwsProcess(command, name) }, path);
        }

        return profile.Get("login_session") is null ? null : Wrong(
            path, $"The profile {name} in {path} gets its key by login_session, which is not supported. Export a key, e.g. with 'aws configure export-credentials --format env'.");
    }

    private FoundIdentity<AwsAuthOptions> Role(string arn, AwsProfile profile, string name, string path, AwsAuthOptions options, HashSet<string> seen)
    {
        if (profile.Get("mfa_serial") is not null)
        {
            return Wrong(path, $"The profile {name} in {path} wants a code of a device (mfa_serial), which nobody is here to type. Use a role without it.");
        }

        int? seconds = null;
        if (profile.Get("duration_seconds") is { } duration)
        {
            if (!int.TryParse(duration, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            {
                return Wrong(path, $"The duration_seconds of profile {name} in {path} is no whole number. Write e.g. 3600.");
            }

            seconds = whole;
        }

        var role = new AwsRole(addresses.Sts(options.Region), arn, addresses.SessionName(profile.Get("role_session_name")))
        {
            ExternalId = profile.Get("external_id"),
            DurationSeconds = seconds,
        };
        if (profile.Get("web_identity_token_file") is { } file)
        {
            return new(options with { Origin = new AwsWebIdentity(role, () => around.ReadFile(file), $"web_identity_token_file of profile {name}") }, path);
        }

        var by = By(profile, name, path, options, seen);
        return by.Options is { } source ? new(options with { Origin = new AwsAssumedRole(role, source) }, path) : by;
    }

    private FoundIdentity<AwsAuthOptions> By(AwsProfile profile, string name, string path, AwsAuthOptions options, HashSet<string> seen)
    {
        if (profile.Get("source_profile") is { } next)
        {
            return Of(next, options, seen) ?? Wrong(path, $"The profile {name} in {path} names the source_profile {next}, for which the shared files have no key. Add it, or name another one.");
        }

        const string Words = "Environment, Ec2InstanceMetadata or EcsContainer";
        return profile.Get("credential_source") switch
        {
            null => Wrong(path, $"The profile {name} in {path} has a role_arn, but nobody to ask for it. Add source_profile or credential_source."),
            "Environment" => offered.Variables(options) ?? Wrong(path, $"The credential_source of profile {name} in {path} is Environment, but AWS_ACCESS_KEY_ID is not set. Set it."),
            "EcsContainer" => offered.Container(options) ?? Wrong(path, $"The credential_source of profile {name} in {path} is EcsContainer, but AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set. Run it in a container of ECS or EKS."),
            "Ec2InstanceMetadata" => offered.Instance(options),
            _ => Wrong(path, $"The credential_source of profile {name} in {path} is none that is known. Write {Words}."),
        };
    }

    private static FoundIdentity<AwsAuthOptions> Wrong(string source, string problem) => FoundIdentity<AwsAuthOptions>.Wrong(source, problem);
}
