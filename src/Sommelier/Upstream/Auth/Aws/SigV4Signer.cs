using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sommelier.Upstream.Auth;

/// <summary>Signs requests as AWS wants it: Signature Version 4. Pure but for the signing key, which it keeps for its day.</summary>
/// <param name="region">The region that is signed for.</param>
/// <param name="service">The service that is signed for.</param>
internal sealed class SigV4Signer(string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private volatile DayKey? latest;

    /// <summary>Whether the body's hash is a signed header of its own, which some services demand and all accept. Default true.</summary>
    public bool SignContentHash { get; init; } = true;

    /// <summary>The headers to add.</summary>
    public SigV4Headers Sign(in SigV4Request request, AwsCredentials credentials, DateTimeOffset time)
    {
        var date = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var key = KeyFor(date.AsSpan(0, 8), credentials.SecretAccessKey);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(request.Body, hash);
        var contentHash = Convert.ToHexStringLower(hash);

        var headers = SortedHeaders(request.Headers, date, contentHash, credentials.SessionToken);
        var signed = Names(headers);
        using (var form = new PooledBuffer(1024))
        {
            SigV4Canonical.Write(request, headers, signed, contentHash, form);
            SHA256.HashData(form.Span, hash);
        }

        using var toSign = new PooledBuffer();
        SigV4Canonical.Append(Algorithm, toSign);
        SigV4Canonical.Append("\n", toSign);
        SigV4Canonical.Append(date, toSign);
        SigV4Canonical.Append("\n", toSign);
        SigV4Canonical.Append(key.Scope, toSign);
        SigV4Canonical.Append("\n", toSign);
        Span<char> digits = stackalloc char[hash.Length * 2];
        Convert.TryToHexStringLower(hash, digits, out _);
        SigV4Canonical.Append(digits, toSign);

        HMACSHA256.HashData(key.Key, toSign.Span, hash);
        Convert.TryToHexStringLower(hash, digits, out _);
        return new(
            $"{Algorithm} Credential={credentials.AccessKeyId}/{key.Scope}, SignedHeaders={signed}, Signature={digits}", date, contentHash, credentials.SessionToken);
    }

    // By name; those of one name in the order in which they came. A handful, so that moving each to its place is cheapest.
    private KeyValuePair<string, string>[] SortedHeaders(ReadOnlySpan<KeyValuePair<string, string>> given, string date, string contentHash, string? token)
    {
        var headers = new KeyValuePair<string, string>[given.Length + 1 + (SignContentHash ? 1 : 0) + (token is null ? 0 : 1)];
        var count = 0;
        foreach (var (name, value) in given)
        {
            Insert(headers, count++, name.ToLowerInvariant(), value);
        }

        Insert(headers, count++, "x-amz-date", date);
        if (SignContentHash)
        {
            Insert(headers, count++, "x-amz-content-sha256", contentHash);
        }

        if (token is not null)
        {
            Insert(headers, count, "x-amz-security-token", token);
        }

        return headers;
    }

    private static void Insert(KeyValuePair<string, string>[] headers, int count, string name, string value)
    {
        var at = count;
        while (at > 0 && string.CompareOrdinal(headers[at - 1].Key, name) > 0)
        {
            headers[at] = headers[at - 1];
            at--;
        }

        headers[at] = new(name, value);
    }

    private static string Names(KeyValuePair<string, string>[] headers)
    {
        var names = new StringBuilder(96);
        for (var i = 0; i < headers.Length; i++)
        {
            if (i == 0 || !string.Equals(headers[i].Key, headers[i - 1].Key, StringComparison.Ordinal))
            {
                names.Append(i > 0 ? ";" : "").Append(headers[i].Key);
            }
        }

        return names.ToString();
    }

    private DayKey KeyFor(ReadOnlySpan<char> day, string secret)
    {
        if (latest is { } key && day.SequenceEqual(key.Scope.AsSpan(0, day.Length)) && string.Equals(key.Secret, secret, StringComparison.Ordinal))
        {
            return key;
        }

        var derived = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (var step in new[] { day.ToString(), region, service, "aws4_request" })
        {
            derived = HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(step));
        }

        return latest = new(secret, $"{day}/{region}/{service}/aws4_request", derived);
    }

    // A class, not a record: nothing may print it.
    private sealed class DayKey(string secret, string scope, byte[] key)
    {
        public string Secret => secret;

        public string Scope => scope;

        public byte[] Key => key;
    }
}
