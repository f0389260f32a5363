using System.Security.Cryptography;
using System.Text;
using Sommelier.Telemetry;

namespace Sommelier.Upstream.Auth;

/// <summary>Somebody whom Google knows, as its JSON files describe them.</summary>
internal abstract record GoogleAccount
{
    /// <summary>Where Google gives out tokens when a file does not say so.</summary>
    public static readonly Uri UsualTokenAddress = new("https://oauth2.googleapis.com/token");

    /// <summary>Where this one's tokens come from.</summary>
    public required Uri TokenAddress { get; init; }

    /// <summary>The project that pays, where it is not the model's own; null: nothing is said.</summary>
    public string? QuotaProject { get; init; }

    /// <summary>Reads a file: of a service account's key, or what <c>gcloud auth application-default login</c> leaves.</summary>
    /// <exception cref="FormatException">It is neither; the message names the field and never a value of it.</exception>
    public static GoogleAccount Read(string json)
    {
        var members = FlatJson.Read(Encoding.UTF8.GetBytes(json)) ?? throw new FormatException("it is not a JSON object");
        var address = members.GetValueOrDefault("token_uri") is { Length: > 0 } said
            ? Uri.TryCreate(said, UriKind.Absolute, out var own) && own.Scheme is "https" or "http" ? own : throw new FormatException("its token_uri is not a web address")
            : UsualTokenAddress;
        switch (members.GetValueOrDefault("type"))
        {
            case "service_account":
                var key = Required("private_key");
                CheckKey(key);
                return new GoogleServiceAccount(Required("client_email"), key, members.GetValueOrDefault("private_key_id"))
                {
                    TokenAddress = address,
                    QuotaProject = members.GetValueOrDefault("quota_project_id"),
                };
            case "authorized_user":
                return new GoogleUser(Required("client_id"), Required("client_secret"), Required("refresh_token"))
                {
                    TokenAddress = address,
                    QuotaProject = members.GetValueOrDefault("quota_project_id"),
                };
            case null:
                throw new FormatException("it has no type");
            case var other:
                throw new FormatException($"its type {SafeText.Of(other)} is not supported; use service_account or authorized_user");
        }

        string Required(string name) => members.GetValueOrDefault(name) is { Length: > 0 } value ? value : throw new FormatException($"its {name} is missing");
    }

    /// <summary>The form that is posted for a token.</summary>
    /// <param name="scope">What the token is for.</param>
    /// <param name="now">The time.</param>
    public abstract IReadOnlyList<KeyValuePair<string, string>> Ask(string scope, DateTimeOffset now);

    /// <summary>A text in which its secrets are blotted out.</summary>
    public abstract string WithoutSecrets(string text);

    /// <summary>Hides secrets from whoever prints an account.</summary>
    public sealed override string ToString() => this is GoogleServiceAccount account ? $"service account {account.Email}" : "a Google user";

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
}

/// <summary>A service account with its key.</summary>
/// <param name="Email">Its name.</param>
/// <param name="PrivateKey">An RSA key in PEM. Never sent, never logged, never in an error.</param>
/// <param name="KeyId">The key's name; null when the file does not say it.</param>
internal sealed record GoogleServiceAccount(string Email, string PrivateKey, string? KeyId) : GoogleAccount
{
    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Ask(string scope, DateTimeOffset now) =>
    [
        new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        new("assertion", GoogleAssertion.Write(this, scope, now)),
    ];

    /// <inheritdoc/>
    public override string WithoutSecrets(string text) => Secrets.BlotPem(text, PrivateKey);
}

/// <summary>A person who has signed in.</summary>
/// <param name="ClientId">The program with which they did.</param>
/// <param name="ClientSecret">Its password.</param>
/// <param name="RefreshToken">What they left it. Never logged, never in an error.</param>
internal sealed record GoogleUser(string ClientId, string ClientSecret, string RefreshToken) : GoogleAccount
{
    /// <summary>The form that is posted for a token; the scope is that of the sign-in.</summary>
    public override IReadOnlyList<KeyValuePair<string, string>> Ask(string scope, DateTimeOffset now) =>
    [
        new("grant_type", "refresh_token"),
        new("client_id", ClientId),
        new("client_secret", ClientSecret),
        new("refresh_token", RefreshToken),
    ];

    /// <inheritdoc/>
    public override string WithoutSecrets(string text) => Secrets.Blot(Secrets.Blot(text, RefreshToken, "[token]"), ClientSecret, "[secret]");
}
