using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>Finds whom Google's clouds know us as: application default credentials.</summary>
internal sealed class GoogleIdentity(CloudSurroundings around)
{
    /// <summary>
    /// The file that <c>GOOGLE_APPLICATION_CREDENTIALS</c> names, else the one that <c>gcloud</c> leaves, else the
    /// machine's metadata server.
    /// </summary>
    public FoundIdentity<GoogleAuthOptions> Find()
    {
        var payer = around.Get("GOOGLE_CLOUD_QUOTA_PROJECT");
        if (around.Get("GOOGLE_APPLICATION_CREDENTIALS") is { } named)
        {
            return around.ReadFile(named) is { } text
                ? OfFile(named, text, payer)
                : FoundIdentity<GoogleAuthOptions>.Wrong(named, $"GOOGLE_APPLICATION_CREDENTIALS names {named}, which cannot be read. Name a key file that exists.");
        }

        var usual = Path.Combine(Folder(), "application_default_credentials.json");
        if (around.ReadFile(usual) is { } left)
        {
            return OfFile(usual, left, payer);
        }

        // Host and port without a scheme, as Google's libraries take it.
        var options = new GoogleAuthOptions { QuotaProject = payer };
        return around.Get("GCE_METADATA_HOST") is { } host && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var address)
            ? new(options with { MetadataAddress = address }, "the metadata server")
            : new(options, "the metadata server");
    }

    private FoundIdentity<GoogleAuthOptions> OfFile(string path, string text, string? payer)
    {
        try
        {
            return new(new() { Account = new GoogleAccountFile(around.ReadFile).Read(text), QuotaProject = payer }, path);
        }
        catch (FormatException error)
        {
            return FoundIdentity<GoogleAuthOptions>.Wrong(path, $"{path} is no usable Google credentials file: {error.Message}.");
        }
    }

    private string Folder() => around.Get("CLOUDSDK_CONFIG")
        ?? (around.Get("HOME") is null && around.Get("APPDATA") is { } windows ? Path.Combine(windows, "gcloud") : Path.Combine(around.Home, ".config", "gcloud"));
}
