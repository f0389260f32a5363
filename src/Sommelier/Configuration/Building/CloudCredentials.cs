using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>
/// Looks for the identities of clouds where their own tools look: variables, files in the home folder, services of the
/// machine. Reads through what it is given, and asks nobody.
/// </summary>
/// <param name="environment">The value of a variable; null or empty when it is not set.</param>
/// <param name="readFile">The text of a file; null when there is none, or it may not be read.</param>
/// <param name="writeFile">Puts a text into a file: a sign-in that was made longer goes back to where all programs of its user find it.</param>
internal sealed class CloudCredentials(Func<string, string?> environment, Func<string, string?> readFile, Action<string, string> writeFile)
{
    private readonly CloudSurroundings around = new(environment, readFile, writeFile);

    /// <summary>AWS's.</summary>
    /// <param name="region">The region that is signed for; null: as <see cref="AwsRegion"/> finds it.</param>
    public FoundIdentity<AwsAuthOptions> Aws(string? region = null) => new AwsIdentity(around).Find(region);

    /// <summary>AWS's region; null when nobody says it.</summary>
    public string? AwsRegion() => new AwsIdentity(around).Region();

    /// <summary>Google's.</summary>
    public FoundIdentity<GoogleAuthOptions> Google() => new GoogleIdentity(around).Find();

    /// <summary>Azure's.</summary>
    public FoundIdentity<EntraAuthOptions> Entra() => new EntraIdentity(around).Find();
}
