using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream.Auth;

/// <summary>
/// Somebody whom another one knows and vouches for: a federated identity. What the other one says, the subject token, is
/// exchanged for a token of Google's (RFC 8693). Source: Google's AIP-4117.
/// </summary>
/// <param name="Audience">The pool and provider at Google that trust the other one.</param>
/// <param name="SubjectTokenType">What the subject token is, e.g. <c>urn:ietf:params:oauth:token-type:jwt</c>.</param>
/// <param name="TokenAddress">Where it is exchanged.</param>
internal sealed record GoogleExternalAccount(string Audience, string SubjectTokenType, Uri TokenAddress) : GoogleAccount
{
    private volatile string? shown;

    /// <summary>The text that the subject token is in, asked before every fetch since it changes; null: it is fetched.</summary>
    public Func<string?>? Subject { get; init; }

    /// <summary>Where that text is fetched; null: it is read.</summary>
    public Uri? SubjectAddress { get; init; }

    /// <summary>Headers for that. Never logged, never in an error.</summary>
    public IReadOnlyDictionary<string, string> SubjectHeaders { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where it comes from, for people.</summary>
    public string SubjectSource { get; init; } = "";

    /// <summary>The member that holds it, where the text is a JSON object; null: the text is the token.</summary>
    public string? Field { get; init; }

    /// <summary>A program that shows itself; null for none.</summary>
    public string? ClientId { get; init; }

    /// <summary>Its password. Never logged, never in an error.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The project that pays for a pool of people; null for a pool of programs.</summary>
    public string? UserProject { get; init; }

    /// <inheritdoc/>
    public override string Remedy => $"Check the subject token of {SubjectSource}, and the pool and provider that it is meant for.";

    /// <inheritdoc/>
    public override async Task<BearerToken> FetchAsync(CredentialEndpoint endpoint, string scope, TimeProvider time, CancellationToken cancellationToken)
    {
        var subject = await SubjectAsync(endpoint, cancellationToken);
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            new("audience", Audience),
            new("scope", scope),
            new("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            new("subject_token", subject),
            new("subject_token_type", SubjectTokenType),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, TokenAddress);
        if (ClientId is not null)
        {
            var pair = $"{Uri.EscapeDataString(ClientId)}:{Uri.EscapeDataString(ClientSecret ?? "")}";
            request.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}");
        }
        else if (UserProject is not null)
        {
            form.Add(new("options", Options(UserProject)));
        }

        request.Content = new FormUrlEncodedContent(form);
        return TokenAnswer.Read(await endpoint.AskAsync(request, cancellationToken), time.GetUtcNow(), endpoint.Source);
    }

    /// <inheritdoc/>
    public override string WithoutSecrets(string text)
    {
        text = Secrets.Blot(Secrets.Blot(text, shown, "[token]"), ClientSecret, "[secret]");
        foreach (var (_, value) in SubjectHeaders)
        {
            text = Secrets.Blot(text, value, "[header]");
        }

        return text;
    }

    private async Task<string> SubjectAsync(CredentialEndpoint endpoint, CancellationToken cancellationToken)
    {
        string? text;
        if (SubjectAddress is null)
        {
            text = Subject?.Invoke();
        }
        else
        {
            var request = new HttpRequestMessage(HttpMethod.Get, SubjectAddress);
            foreach (var (name, value) in SubjectHeaders)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            text = Encoding.UTF8.GetString(await endpoint.AskAsync(request, cancellationToken));
        }

        var token = Field is null || text is null ? text : FlatJson.Read(Encoding.UTF8.GetBytes(text))?.GetValueOrDefault(Field);
        shown = token?.Trim();
        return shown is { Length: > 0 } usable ? usable : throw new UpstreamException(new(
            UpstreamFailureKind.AuthenticationFailed, $"There is no subject token in {SubjectSource}. Check the credential_source of the Google credentials file."));
    }

    private static string Options(string project)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            json.WriteStartObject();
            json.WriteString("userProject"u8, project);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
