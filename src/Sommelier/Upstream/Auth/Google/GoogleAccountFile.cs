using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sommelier.Telemetry;

namespace Sommelier.Upstream.Auth;

/// <summary>Reads Google's JSON files about accounts. Source: Google's AIP-4112 to 4117, and its documentation of each type.</summary>
/// <param name="readFile">The text of another file that one names; null when there is none.</param>
internal sealed class GoogleAccountFile(Func<string, string?> readFile)
{
    // A file may hold another one; nobody nests them.
    private const int MostNested = 4;

    /// <summary>
    /// Reads the key of a service account, what <c>gcloud auth application-default login</c> leaves, a federated identity, or
    /// one of these in the place of a service account.
    /// </summary>
    /// <exception cref="FormatException">It is none of them; the message names the field and never a value of it.</exception>
    public GoogleAccount Read(string json) => Read(json, MostNested);

    private GoogleAccount Read(string json, int nested)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var file = new Fields(FlatJson.Read(text) ?? throw new FormatException("it is not a JSON object"), "its ");
        var payer = file.Get("quota_project_id");
        var address = file.Address("token_uri") ?? GoogleAccount.UsualTokenAddress;
        switch (file.Get("type"))
        {
            case "service_account":
                var key = file.Required("private_key");
                CheckKey(key);
                return new GoogleServiceAccount(file.Required("client_email"), key, file.Get("private_key_id")) { TokenAddress = address, QuotaProject = payer };
            case "authorized_user":
                return new GoogleUser(file.Required("client_id"), file.Required("client_secret"), file.Required("refresh_token")) { TokenAddress = address, QuotaProject = payer };
            case "external_account":
                var external = External(text, file) with { QuotaProject = payer };
                return file.Address("service_account_impersonation_url") is { } instead ? new GoogleImpersonation(external, instead, []) { QuotaProject = payer } : external;
            case "impersonated_service_account":
                using (var document = JsonDocument.Parse(text))
                {
                    var by = nested > 0 && document.RootElement.TryGetProperty("source_credentials", out var source) ? Read(source.GetRawText(), nested - 1) : throw new FormatException("its source_credentials are missing");
                    var place = file.Address("service_account_impersonation_url") ?? throw new FormatException("its service_account_impersonation_url is missing");
                    return new GoogleImpersonation(by, place, Delegates(document.RootElement)) { QuotaProject = payer ?? by.QuotaProject };
                }

            case null:
                throw new FormatException("it has no type");
            case var other:
                throw new FormatException($"its type {SafeText.Of(other)} is not supported; use service_account, authorized_user, external_account or impersonated_service_account");
        }
    }

    private GoogleExternalAccount External(byte[] text, Fields file)
    {
        var source = new Fields(FlatJson.Read(text, "credential_source") ?? throw new FormatException("its credential_source is missing"), "the credential_source's ");
        var format = FlatJson.Read(text, "credential_source", "format");
        var field = format?.GetValueOrDefault("type") is "json" ? new Fields(format, "the format's ").Required("subject_token_field_name") : null;
        var account = new GoogleExternalAccount(file.Required("audience"), file.Required("subject_token_type"), file.Address("token_url") ?? throw new FormatException("its token_url is missing"))
        {
            Field = field,
            ClientId = file.Get("client_id"),
            ClientSecret = file.Get("client_secret"),
            UserProject = file.Get("workforce_pool_user_project"),
        };
        if (source.Get("file") is { } path)
        {
            return account with { Subject = () => readFile(path), SubjectSource = path };
        }

        return source.Get("environment_id") is null && source.Address("url") is { } address
            ? account with { SubjectAddress = address, SubjectSource = address.Host, SubjectHeaders = FlatJson.Read(text, "credential_source", "headers") ?? [] }
            : throw new FormatException("its credential_source names neither a file nor a url, and others are not supported");
    }

    private static string[] Delegates(JsonElement file) => file.TryGetProperty("delegates", out var delegates) && delegates.ValueKind == JsonValueKind.Array
        ? [.. delegates.EnumerateArray().Where(static it => it.ValueKind == JsonValueKind.String).Select(static it => it.GetString()!)]
        : [];

    private static void CheckKey(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new FormatException("its private_key is not an RSA key in PEM", error);
        }
    }

    private readonly struct Fields(Dictionary<string, string> members, string whose)
    {
        public string? Get(string name) => members.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

        public string Required(string name) => Get(name) ?? throw new FormatException($"{whose}{name} is missing");

        public Uri? Address(string name) => Get(name) is not { } said ? null
            : Uri.TryCreate(said, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address
            : throw new FormatException($"{whose}{name} is not a web address");
    }
}
