using System.Globalization;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>
/// Reads a token endpoint's answer: <c>access_token</c> with <c>expires_in</c> (seconds) or <c>expires_on</c> (seconds
/// since 1970); Azure writes both as text.
/// </summary>
internal static class TokenAnswer
{
    // RFC 6749 makes the life optional; what does not say it is asked again soon.
    private static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(5);

    private const long MostSeconds = 366L * 24 * 3600;

    /// <summary>The token.</summary>
    /// <exception cref="UpstreamException">There is none.</exception>
    public static BearerToken Read(ReadOnlyMemory<byte> json, DateTimeOffset now, string source)
    {
        var members = FlatJson.Read(json) ?? throw UpstreamException.Protocol($"{source} answered with something that is not a JSON object.");

        // What is not plain would break out of its header.
        if (!members.TryGetValue("access_token", out var token) || token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw UpstreamException.Protocol($"{source} answered without a usable access_token.");
        }

        return new(token, Expiry(members, now));
    }

    private static DateTimeOffset Expiry(Dictionary<string, string> members, DateTimeOffset now)
    {
        if (Seconds(members, "expires_in") is { } life)
        {
            return now.AddSeconds(Math.Clamp(life, 0, MostSeconds));
        }

        return Seconds(members, "expires_on") is { } end
            ? now.AddSeconds(Math.Clamp(end - now.ToUnixTimeSeconds(), 0, MostSeconds))
            : now + UsualLife;
    }

    private static long? Seconds(Dictionary<string, string> members, string name) =>
        members.TryGetValue(name, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < long.MaxValue / 4
            ? (long)seconds
            : null;
}
