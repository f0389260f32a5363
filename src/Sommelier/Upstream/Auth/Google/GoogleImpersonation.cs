using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream.Auth;

/// <summary>Somebody who may act in the place of a service account. Source: Google, IAM Service Account Credentials API, <c>generateAccessToken</c>.</summary>
/// <param name="By">Who.</param>
/// <param name="Address">Where the service account's tokens are given out.</param>
/// <param name="Delegates">Service accounts in between.</param>
internal sealed record GoogleImpersonation(GoogleAccount By, Uri Address, IReadOnlyList<string> Delegates) : GoogleAccount
{
    private volatile string? shown;

    /// <inheritdoc/>
    public override string Remedy => $"{By.Remedy} Check that it has the role Service Account Token Creator, too.";

    /// <inheritdoc/>
    public override async Task<BearerToken> FetchAsync(CredentialEndpoint endpoint, string scope, TimeProvider time, CancellationToken cancellationToken)
    {
        var token = await By.FetchAsync(endpoint, scope, time, cancellationToken);
        shown = token.Value;
        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(Body(scope)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", token.Header);
        var members = FlatJson.Read(await endpoint.AskAsync(request, cancellationToken));
        return members?.GetValueOrDefault("accessToken") is { Length: > 0 } value && !value.AsSpan().ContainsAnyExceptInRange('!', '~')
            && DateTimeOffset.TryParse(members.GetValueOrDefault("expireTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            ? new(value, end)
            : throw UpstreamException.Protocol($"{endpoint.Source} answered without a usable accessToken and expireTime.");
    }

    /// <inheritdoc/>
    public override string WithoutSecrets(string text) => Secrets.Blot(By.WithoutSecrets(text), shown, "[token]");

    private byte[] Body(string scope)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            json.WriteStartObject();
            json.WriteStartArray("scope"u8);
            json.WriteStringValue(scope);
            json.WriteEndArray();
            json.WriteString("lifetime"u8, "3600s"u8);
            if (Delegates.Count > 0)
            {
                json.WriteStartArray("delegates"u8);
                foreach (var name in Delegates)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
