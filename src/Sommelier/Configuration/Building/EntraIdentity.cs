using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>Finds whom Azure knows us as: Microsoft Entra.</summary>
internal sealed class EntraIdentity(CloudSurroundings around)
{
    /// <summary>
    /// An application with a secret (<c>AZURE_TENANT_ID</c>, <c>AZURE_CLIENT_ID</c>, <c>AZURE_CLIENT_SECRET</c>) or
    /// with the token that Kubernetes gives it (<c>AZURE_FEDERATED_TOKEN_FILE</c>), else the managed identity of the app
    /// service (<c>IDENTITY_ENDPOINT</c>), else of the machine. <c>AZURE_CLIENT_ID</c> alone says which managed identity.
    /// </summary>
    public FoundIdentity<EntraAuthOptions> Find()
    {
        var options = new EntraAuthOptions
        {
            TenantId = around.Get("AZURE_TENANT_ID"),
            ClientId = around.Get("AZURE_CLIENT_ID"),
            ClientSecret = around.Get("AZURE_CLIENT_SECRET"),
        };
        if (around.Address("AZURE_AUTHORITY_HOST") is { } authority)
        {
            options = options with { AuthorityAddress = authority };
        }

        if (options.ClientSecret is not null)
        {
            return options.IsApplication
                ? new(options, "AZURE_CLIENT_SECRET")
                : FoundIdentity<EntraAuthOptions>.Wrong(
                    "AZURE_CLIENT_SECRET", "AZURE_CLIENT_SECRET is set, but not AZURE_TENANT_ID and AZURE_CLIENT_ID with it. Set all three, or none for a managed identity.");
        }

        if (around.Get("AZURE_FEDERATED_TOKEN_FILE") is { } file && options is { TenantId: not null, ClientId: not null })
        {
            return new(options with { ClientAssertion = () => around.ReadFile(file) }, "AZURE_FEDERATED_TOKEN_FILE");
        }

        if (around.Get("AZURE_CLIENT_CERTIFICATE_PATH") is not null)
        {
            return FoundIdentity<EntraAuthOptions>.Wrong(
                "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH is set, but certificates are not supported. Use AZURE_CLIENT_SECRET or a managed identity.");
        }

        if (around.Address("IDENTITY_ENDPOINT") is not null && around.Get("IDENTITY_HEADER") is { } header)
        {
            return new(options with { IdentityEndpoint = new(around.Get("IDENTITY_ENDPOINT")!), IdentityHeader = header }, "IDENTITY_ENDPOINT");
        }

        return new(options, "the instance metadata service");
    }
}
