using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>AWS's shared files, read as one: what <c>credentials</c> says counts before what <c>config</c> says.</summary>
internal sealed class AwsProfiles(CloudSurroundings around)
{
    private static readonly string[] Keys = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];

    /// <summary>The profile that is meant.</summary>
    public string Name => around.Get("AWS_PROFILE") ?? "default";

    /// <summary>Where keys are.</summary>
    public string CredentialsPath => around.Get("AWS_SHARED_CREDENTIALS_FILE") ?? InFolder("credentials");

    /// <summary>Where everything else is.</summary>
    public string ConfigPath => around.Get("AWS_CONFIG_FILE") ?? InFolder("config");

    /// <summary>A profile and the file to name in a complaint about it; null when there is none.</summary>
    public (string Path, AwsProfile Profile)? Find(string name)
    {
        var config = Section(ConfigPath, name);
        if (Section(CredentialsPath, name) is not { } credentials)
        {
            return config is null ? null : (ConfigPath, config);
        }

        if (config is null)
        {
            return (CredentialsPath, credentials);
        }

        // Halves of two keys make none.
        var hasKey = credentials.Credentials is not null || credentials.IsHalf;
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in config.Settings.Where(setting => !(hasKey && Keys.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))).Concat(credentials.Settings))
        {
            settings[key] = value;
        }

        return (CredentialsPath, new(settings));
    }

    /// <summary>A sign-in that several profiles share; null when there is none of the name.</summary>
    public AwsProfile? SignIn(string name) => Section(ConfigPath, $"sso-session {name}");

    /// <summary>A file in the folder of AWS's tools.</summary>
    public string InFolder(params ReadOnlySpan<string> names) => Path.Combine([around.Home, ".aws", .. names]);

    private AwsProfile? Section(string path, string name) => around.ReadFile(path) is { } text ? AwsProfile.Find(text, name) : null;
}
