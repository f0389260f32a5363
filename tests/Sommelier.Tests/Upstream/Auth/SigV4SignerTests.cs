using System.Text;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Upstream.Auth;

/// <summary>The signatures of AWS's published test suite for Signature Version 4.</summary>
public sealed class SigV4SignerTests
{
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);
    private static readonly AwsCredentials Key = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    [Theory]
    [InlineData("get-vanilla", "GET", "/", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-empty-query-key", "GET", "/", "Param1=value1", "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-query-order-encoded", "GET", "/", "Param-3=Value3&Param=Value2&%E1%88%B4=Value1", "", "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac")]
    [InlineData("get-vanilla-query-unreserved", "GET", "/", Unreserved + "=" + Unreserved, "", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197")]
    [InlineData("get-vanilla-utf8-query", "GET", "/", "ሴ=bar", "", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")]
    [InlineData("get-unreserved", "GET", "/" + Unreserved, "", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")]
    [InlineData("get-utf8", "GET", "/ሴ", "", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")]
    [InlineData("get-space", "GET", "/example space/", "", "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741")]
    [InlineData("get-slash", "GET", "//", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-slashes", "GET", "//example//", "", "", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84")]
    [InlineData("get-slash-dot-slash", "GET", "/./", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-slash-pointless-dot", "GET", "/./example", "", "", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5")]
    [InlineData("get-relative", "GET", "/example/..", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-relative-relative", "GET", "/example1/example2/../..", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-header-key-duplicate", "GET", "/", "", "My-Header1:value2|My-Header1:value2|My-Header1:value1", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea")]
    [InlineData("get-header-value-order", "GET", "/", "", "My-Header1:value4|My-Header1:value1|My-Header1:value3|My-Header1:value2", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01")]
    [InlineData("get-header-value-trim", "GET", "/", "", "My-Header1: value1|My-Header2: \"a   b   c\" ", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")]
    [InlineData("post-vanilla", "POST", "/", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("post-vanilla-query", "POST", "/", "Param1=value1", "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11")]
    [InlineData("post-vanilla-query-nonunreserved", "POST", "/", "%40%23%24%25%5E=&%2B=%2F%2C%3F%3E%3C%60%22%3B%3A%5C%7C%5D%5B%7B%7D", "", "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e")]
    [InlineData("post-vanilla-query-space", "POST", "/", "p=", "", "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b")]
    [InlineData("post-header-key-sort", "POST", "/", "", "My-Header1:value1", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c")]
    [InlineData("post-header-value-case", "POST", "/", "", "My-Header1:VALUE1", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d")]
    public void Signs_the_published_requests(string name, string method, string path, string query, string headers, string signature)
    {
        Assert.NotEmpty(name);
        Assert.EndsWith($"Signature={signature}", Sign(method, path, query, headers).Authorization, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    [InlineData("application/x-www-form-urlencoded; charset=utf8", "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe")]
    public void Signs_the_published_forms(string type, string signature) => Assert.Equal(
        $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature={signature}",
        Sign("POST", "/", "", $"Content-Type:{type}", body: "Param1=value1").Authorization);

    [Fact]
    public void Signs_the_hash_of_the_body_as_a_header_of_its_own()
    {
        var signed = Sign("POST", "/", "", "Content-Type:application/x-www-form-urlencoded|Content-Length:13", body: "Param1=value1", hashHeader: true);

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date, Signature=d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            signed.Authorization);
        Assert.Equal("9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e", signed.ContentHash);
        Assert.Equal("20150830T123600Z", signed.Date);
    }

    [Theory]
    [InlineData("GET", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267", "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8")]
    [InlineData("POST", Token, "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")]
    public void Signs_the_session_token(string method, string token, string signature)
    {
        var signed = Sign(method, "/", "", "", credentials: Key with { SessionToken = token });

        Assert.EndsWith($"SignedHeaders=host;x-amz-date;x-amz-security-token, Signature={signature}", signed.Authorization, StringComparison.Ordinal);
        Assert.Equal(token, signed.SecurityToken);
    }

    [Fact]
    public void A_new_day_and_a_new_key_are_signed_with_another_signing_key()
    {
        var signer = new SigV4Signer("us-east-1", "service") { SignContentHash = false };
        var first = Sign(signer, Key, Time);
        var nextDay = Sign(signer, Key, Time.AddDays(1));
        var otherKey = Sign(signer, Key with { SecretAccessKey = "another" }, Time.AddDays(1));

        Assert.Equal(3, new[] { first, nextDay, otherKey }.Distinct().Count());
        Assert.Equal(nextDay, Sign(new("us-east-1", "service") { SignContentHash = false }, Key, Time.AddDays(1)));
        Assert.Equal(first, Sign(signer, Key, Time));
        Assert.Equal(first, Sign(signer, Key, Time.ToOffset(TimeSpan.FromHours(11))));
    }

    [Fact]
    public void A_signature_does_not_allocate_much()
    {
        var signer = new SigV4Signer("us-east-1", "bedrock");
        Sign(signer, Key, Time);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Sign(signer, Key, Time);
        }

        // Five texts that go into headers, and what sorts them.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, 2_500);
    }

    private static string Sign(SigV4Signer signer, AwsCredentials key, DateTimeOffset time) => signer.Sign(
        new() { Method = "GET", Path = "/", Headers = new KeyValuePair<string, string>[] { new("Host", "example.amazonaws.com") } }, key, time).Authorization;

    private static SigV4Headers Sign(string method, string path, string query, string headers, string body = "", bool hashHeader = false, AwsCredentials? credentials = null)
    {
        KeyValuePair<string, string>[] given =
        [
            .. headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header.Split(':', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1])),
            new("Host", "example.amazonaws.com"),
        ];
        return new SigV4Signer("us-east-1", "service") { SignContentHash = hashHeader }.Sign(
            new() { Method = method, Path = path, Query = query, Headers = given, Body = Encoding.UTF8.GetBytes(body) }, credentials ?? Key, Time);
    }
}
