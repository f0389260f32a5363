namespace Sommelier.Upstream.Auth;

/// <summary>How Google's clouds are shown who we are.</summary>
internal sealed record GoogleAuthOptions
{
    /// <summary>Who we are; null: whom the metadata server of the machine says.</summary>
    public GoogleAccount? Account { get; init; }

    /// <summary>What tokens are for. Default: everything in Google Cloud that the account may do.</summary>
    public string Scope { get; init; } = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>The project that pays, where it is not the model's own; null: as the account says, if it does.</summary>
    public string? QuotaProject { get; init; }

    /// <summary>The metadata server of the machine; ends with a slash.</summary>
    public Uri MetadataAddress { get; init; } = new("http://metadata.google.internal/");

    /// <summary>Hides secrets from whoever prints options.</summary>
    public override string ToString() => Account?.ToString() ?? $"the account of the machine at {MetadataAddress.Host}";
}
