namespace Sommelier.Upstream.Auth;

/// <summary>
/// How Azure is shown who we are: as an application where tenant and a secret or an assertion are given, else as the
/// managed identity of an app service where that is given, else of the machine.
/// </summary>
internal sealed record EntraAuthOptions
{
    /// <summary>The directory, by id or domain.</summary>
    public string? TenantId { get; init; }

    /// <summary>The application; for a managed identity, which of several. Null: the machine's only one.</summary>
    public string? ClientId { get; init; }

    /// <summary>The application's password. Never logged, never in an error.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>A statement by somebody whom the application trusts, e.g. Kubernetes, instead of a password; asked before every fetch.</summary>
    public Func<string?>? ClientAssertion { get; init; }

    /// <summary>What tokens are for. Default: the models of Azure AI Foundry.</summary>
    public string Scope { get; init; } = "https://ai.azure.com/.default";

    /// <summary>Where applications get tokens; ends with a slash.</summary>
    public Uri AuthorityAddress { get; init; } = new("https://login.microsoftonline.com/");

    /// <summary>Where an app service's identity gets tokens; null: this is none.</summary>
    public Uri? IdentityEndpoint { get; init; }

    /// <summary>What that endpoint is shown. Never logged, never in an error.</summary>
    public string? IdentityHeader { get; init; }

    /// <summary>The metadata service of the machine; ends with a slash.</summary>
    public Uri MetadataAddress { get; init; } = new("http://169.254.169.254/");

    /// <summary>Whether we are an application; else a managed identity.</summary>
    public bool IsApplication => TenantId is not null && ClientId is not null && (ClientSecret is not null || ClientAssertion is not null);

    /// <summary>The scope in the words of managed identities, which know resources.</summary>
    public string Resource => Scope.EndsWith("/.default", StringComparison.Ordinal) ? Scope[..^"/.default".Length] : Scope;

    /// <summary>Hides secrets from whoever prints options.</summary>
    public override string ToString() => IsApplication ? $"application {ClientId} of {TenantId}" : $"managed identity {ClientId ?? "of the machine"}";
}
