using System.Globalization;
using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream.Auth;

/// <summary>
/// A sign-in as its file says: <c>accessToken</c> and <c>expiresAt</c>, and where it can be made longer
/// <c>refreshToken</c>, <c>clientId</c>, <c>clientSecret</c> and <c>registrationExpiresAt</c>. Source: the files of AWS's
/// command line, which all its SDKs share.
/// </summary>
/// <param name="Members">What the file has.</param>
internal sealed record AwsSignInToken(Dictionary<string, string> Members)
{
    /// <summary>What is shown for a key.</summary>
    public string Value => Members["accessToken"];

    /// <summary>From when on it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Reads a file; null when it holds no sign-in.</summary>
    public static AwsSignInToken? Read(string? json) =>
        json is not null && FlatJson.Read(Encoding.UTF8.GetBytes(json)) is { } members
        && members.GetValueOrDefault("accessToken") is { Length: > 0 } token && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
        && Time(members, "expiresAt") is { } end
            ? new(members) { ExpiresAt = end }
            : null;

    /// <summary>Whether it can be made longer.</summary>
    public bool IsRefreshable(DateTimeOffset now) =>
        Members.ContainsKey("refreshToken") && Members.ContainsKey("clientId") && Members.ContainsKey("clientSecret") && !(Time(Members, "registrationExpiresAt") <= now);

    /// <summary>What is posted to make it longer (CreateToken).</summary>
    public byte[] Refresh() => Write(
        [new("clientId", Members["clientId"]), new("clientSecret", Members["clientSecret"]), new("grantType", "refresh_token"), new("refreshToken", Members["refreshToken"])]);

    /// <summary>The longer one, from CreateToken's answer; null when there is none in it.</summary>
    public AwsSignInToken? With(ReadOnlyMemory<byte> answer, DateTimeOffset now)
    {
        if (FlatJson.Read(answer) is not { } said || said.GetValueOrDefault("accessToken") is not { Length: > 0 } token
            || !int.TryParse(said.GetValueOrDefault("expiresIn"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        var end = now.AddSeconds(seconds);
        var members = new Dictionary<string, string>(Members, StringComparer.Ordinal)
        {
            ["accessToken"] = token,
            ["expiresAt"] = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        if (said.GetValueOrDefault("refreshToken") is { Length: > 0 } next)
        {
            members["refreshToken"] = next;
        }

        return new(members) { ExpiresAt = end };
    }

    /// <summary>The file's text.</summary>
    public string Text() => Encoding.UTF8.GetString(Write(Members));

    /// <summary>A text in which all of it is blotted out.</summary>
    public string WithoutSecrets(string text)
    {
        text = Secrets.Blot(text, Value, "[token]");
        text = Secrets.Blot(text, Members.GetValueOrDefault("refreshToken"), "[token]");
        return Secrets.Blot(text, Members.GetValueOrDefault("clientSecret"), "[secret]");
    }

    /// <summary>Hides the token from whoever prints it.</summary>
    public override string ToString() => $"a sign-in until {ExpiresAt:O}";

    private static byte[] Write(IEnumerable<KeyValuePair<string, string>> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // Older command lines write UTC for Z.
    private static DateTimeOffset? Time(Dictionary<string, string> members, string name) =>
        DateTimeOffset.TryParse(
            members.GetValueOrDefault(name)?.Replace("UTC", "Z", StringComparison.Ordinal), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
