using CsCheck;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Upstream.Auth;

public sealed class AwsProfileTests
{
    private const string File = """
        # A comment; not = a setting
        [default]
        aws_access_key_id = AKIADEFAULT
        aws_secret_access_key=secret/with#sign=and+plus
        ; another comment
        [work] # behind a section
          aws_access_key_id = AKIAWORK
          AWS_SECRET_ACCESS_KEY = worksecret   # behind a value
          aws_session_token = worktoken==
        [profile nested]
        s3 =
            aws_access_key_id = AKIANOT
            region = nowhere
        region = eu-central-1
        role_arn = arn:aws:iam::1:role/x
        [half]
        aws_access_key_id = AKIAHALF
        aws_secret_access_key =
        """;

    [Theory]
    [InlineData("default", "AKIADEFAULT", "secret/with#sign=and+plus", null)]
    [InlineData("work", "AKIAWORK", "worksecret", "worktoken==")]
    public void Finds_keys(string name, string id, string secret, string? token)
    {
        foreach (var text in new[] { File, File.ReplaceLineEndings("\r\n"), "\uFEFF" + File })
        {
            Assert.Equal(new AwsCredentials(id, secret, token), AwsProfile.Find(text, name)!.Credentials);
        }
    }

    [Fact]
    public void A_nested_block_belongs_to_the_setting_above()
    {
        var profile = AwsProfile.Find(File, "nested")!;

        Assert.Null(profile.Credentials);
        Assert.False(profile.IsHalf);
        Assert.Equal("eu-central-1", profile.Region);
        Assert.Equal("arn:aws:iam::1:role/x", profile.Get("role_arn"));
    }

    [Fact]
    public void Half_a_key_is_told_and_an_absent_profile_is_absent()
    {
        Assert.True(AwsProfile.Find(File, "half")!.IsHalf);
        Assert.Null(AwsProfile.Find(File, "Default"));
        Assert.Null(AwsProfile.Find("", "default"));
    }

    [Fact]
    public void A_profile_that_comes_twice_is_one() =>
        Assert.Equal(new("A", "B"), AwsProfile.Find("[x]\naws_access_key_id=A\n[y]\nregion=r\n[x]\naws_secret_access_key=B\n", "x")!.Credentials);

    [Fact]
    public void Never_prints_its_key() => Assert.DoesNotContain("secret/", AwsProfile.Find(File, "default")!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Garbage_never_crashes() =>
        Gen.Char["[]=#; \t\r\nab\uFEFF"].Array[0, 60].Sample(text => _ = AwsProfile.Find(new string(text), "a"));
}
