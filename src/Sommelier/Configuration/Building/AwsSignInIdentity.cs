using System.Security.Cryptography;
using System.Text;
using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>Finds the sign-in of a profile: a section that several share (<c>sso_session</c>), or its own (<c>sso_start_url</c>).</summary>
internal sealed class AwsSignInIdentity(CloudSurroundings around, AwsProfiles profiles, AwsAddresses addresses)
{
    /// <summary>The sign-in; null when the profile names none.</summary>
    public FoundIdentity<AwsAuthOptions>? Find(AwsProfile profile, string name, string path, AwsAuthOptions options)
    {
        var session = profile.Get("sso_session");
        var shared = session is null ? profile : profiles.SignIn(session);
        if (session is null && profile.Get("sso_start_url") is null)
        {
            return null;
        }

        if (shared is null)
        {
            return FoundIdentity<AwsAuthOptions>.Wrong(path, $"The profile {name} in {path} names the sso_session {session}, which {profiles.ConfigPath} does not have. Add [sso-session {session}].");
        }

        if (shared.Get("sso_start_url") is not { } start)
        {
            return Lacks("sso_start_url", session);
        }

        if (shared.Get("sso_region") is not { } region)
        {
            return Lacks("sso_region", session);
        }

        if (profile.Get("sso_account_id") is not { } account)
        {
            return Lacks("sso_account_id", null);
        }

        if (profile.Get("sso_role_name") is not { } role)
        {
            return Lacks("sso_role_name", null);
        }

        var file = profiles.InFolder("sso", "cache", FileName(session ?? start));
        var cache = new AwsSignInCache(() => around.ReadFile(file), text => around.WriteFile(file, text), name);
        return new(options with { Origin = new AwsSignIn(account, role, addresses.Portal(region), addresses.Oidc(region), cache) }, path);

        FoundIdentity<AwsAuthOptions> Lacks(string setting, string? inSession) => FoundIdentity<AwsAuthOptions>.Wrong(
            path, $"The {(inSession is null ? $"profile {name} in {path}" : $"sso-session {inSession} in {profiles.ConfigPath}")} has no {setting}. Add it, e.g. with 'aws configure sso'.");
    }

    // As AWS's tools name it: no secret hangs on the hash.
#pragma warning disable CA5350
    private static string FileName(string key) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(key))) + ".json";
#pragma warning restore CA5350
}
