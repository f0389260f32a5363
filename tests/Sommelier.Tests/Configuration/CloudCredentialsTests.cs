using Sommelier.Configuration.Building;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Configuration;

public sealed class CloudCredentialsTests
{
    private const string User = """{"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r"}""";
    private const string Credentials = "[default]\naws_access_key_id = AKFILE\naws_secret_access_key = file-secret\n[work]\naws_access_key_id = AKWORK\naws_secret_access_key = work-secret\n[half]\naws_access_key_id = AK\n";
    private const string Config = """
        [default]
        region = eu-north-1
        [profile sso]
        sso_session = x
        region = eu-west-3
        [profile bare]
        sso_session = bare
        [sso-session bare]
        sso_start_url = https://a/
        [profile stray]
        sso_start_url = https://a/
        sso_region = r
        [profile lonely]
        role_arn = arn
        [profile lost]
        role_arn = arn
        source_profile = gone
        [profile round]
        role_arn = arn
        source_profile = ring
        [profile ring]
        role_arn = arn
        source_profile = round
        [profile token]
        role_arn = arn
        mfa_serial = gadget
        [profile env]
        role_arn = arn
        credential_source = Environment
        [profile moon]
        role_arn = arn
        credential_source = Moon
        [profile long]
        role_arn = arn
        duration_seconds = 1h
        [profile login]
        login_session = x
        """;

    private readonly Dictionary<string, string> files = [];

    [Fact]
    public void Google_takes_the_named_file_then_the_usual_one_then_the_machine()
    {
        Assert.Null(Look().Google().Options!.Account);
        Assert.Equal("http://metadata.google.internal/", Look().Google().Options!.MetadataAddress.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:88/", Look("GCE_METADATA_HOST=127.0.0.1:88").Google().Options!.MetadataAddress.AbsoluteUri);

        files["/home/me/.config/gcloud/application_default_credentials.json"] = User;
        Assert.IsType<GoogleUser>(Look().Google().Options!.Account);

        files["/keys/one.json"] = User.Replace("\"i\"", "\"other\"", StringComparison.Ordinal);
        var named = Look("GOOGLE_APPLICATION_CREDENTIALS=/keys/one.json", "GOOGLE_CLOUD_QUOTA_PROJECT=payer").Google();
        Assert.Equal(("other", "payer", "/keys/one.json"), (((GoogleUser)named.Options!.Account!).ClientId, named.Options.QuotaProject, named.Source));

        files["/gcloud/application_default_credentials.json"] = User.Replace("\"i\"", "\"moved\"", StringComparison.Ordinal);
        Assert.Equal("moved", ((GoogleUser)Look("CLOUDSDK_CONFIG=/gcloud").Google().Options!.Account!).ClientId);
    }

    [Fact]
    public void Google_does_not_go_on_as_somebody_else_when_the_named_file_is_wrong()
    {
        files["/home/me/.config/gcloud/application_default_credentials.json"] = User;
        files["/bad.json"] = "{}";

        Assert.Equal(
            (null, "GOOGLE_APPLICATION_CREDENTIALS names /gone.json, which cannot be read. Name a key file that exists."),
            Outcome(Look("GOOGLE_APPLICATION_CREDENTIALS=/gone.json").Google()));
        Assert.Equal((null, "/bad.json is no usable Google credentials file: it has no type."), Outcome(Look("GOOGLE_APPLICATION_CREDENTIALS=/bad.json").Google()));
    }

    [Theory]
    [InlineData("AKENV", "AWS_ACCESS_KEY_ID=AKENV", "AWS_SECRET_ACCESS_KEY=env-secret", "AWS_PROFILE=work")]
    [InlineData("AKFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x")]
    [InlineData("AKWORK", "AWS_PROFILE=work")]
    [InlineData("AKOTHER", "AWS_SHARED_CREDENTIALS_FILE=/other")]
    public void Aws_takes_variables_before_files_before_services(string id, params string[] variables)
    {
        files["/home/me/.aws/credentials"] = Credentials;
        files["/other"] = "[default]\naws_access_key_id = AKOTHER\naws_secret_access_key = x\n";

        Assert.Equal(id, Look(variables).Aws("us-east-1").Options!.Credentials!.AccessKeyId);
    }

    [Fact]
    public void Aws_takes_the_session_token_along() =>
        Assert.Equal(
            new AwsCredentials("AK", "sec", "tok"),
            Look("AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sec", "AWS_SESSION_TOKEN=tok").Aws("r").Options!.Credentials);

    [Theory]
    [InlineData("https://sts.us-west-2.amazonaws.com/", "us-west-2")]
    [InlineData("https://sts.cn-north-1.amazonaws.com.cn/", "cn-north-1")]
    [InlineData("http://127.0.0.1:4566/", "us-west-2", "AWS_ENDPOINT_URL=http://127.0.0.1:4566")]
    [InlineData("http://127.0.0.1:99/", "us-west-2", "AWS_ENDPOINT_URL=http://127.0.0.1:4566", "AWS_ENDPOINT_URL_STS=http://127.0.0.1:99")]
    public void Aws_borrows_a_role_by_web_identity_in_its_region(string address, string region, params string[] more)
    {
        files["/home/me/.aws/credentials"] = Credentials;
        files["/token"] = "jwt";

        var found = Look(["AWS_WEB_IDENTITY_TOKEN_FILE=/token", "AWS_ROLE_ARN=arn:x", .. more]).Aws(region);

        var identity = Assert.IsType<AwsWebIdentity>(found.Options!.Origin);
        Assert.Equal((address, "arn:x", "sommelier", "jwt"), (identity.Role.Address.AbsoluteUri, identity.Role.Arn, identity.Role.SessionName, identity.Token()));
    }

    [Fact]
    public void Aws_finds_a_role_of_the_machine_and_one_of_a_token_in_profiles()
    {
        files["/home/me/.aws/config"] = "[profile ec2]\nrole_arn = a\ncredential_source = Ec2InstanceMetadata\n[profile pod]\nrole_arn = b\nweb_identity_token_file = /t\n[profile ecs]\nrole_arn = c\ncredential_source = EcsContainer\n";
        files["/t"] = "jwt";

        Assert.Equal("169.254.169.254", Assert.IsType<AwsAssumedRole>(Look("AWS_PROFILE=ec2").Aws("r").Options!.Origin).By.MetadataAddress.Host);
        Assert.Equal("jwt", Assert.IsType<AwsWebIdentity>(Look("AWS_PROFILE=pod").Aws("r").Options!.Origin).Token());
        Assert.Equal("/v2/x", Assert.IsType<AwsAssumedRole>(Look("AWS_PROFILE=ecs", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x").Aws("r").Options!.Origin).By.ContainerAddress!.AbsolutePath);
    }

    [Fact]
    public void Aws_finds_the_container()
    {
        files["/token"] = "one";
        var ecs = Look("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x?id=1").Aws("r").Options!;
        var eks = Look("AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/token").Aws("r").Options!;
        var own = Look("AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:99/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN=Basic abc").Aws("r").Options!;

        Assert.Equal(("http://169.254.170.2/v2/x?id=1", null), (ecs.ContainerAddress!.AbsoluteUri, ecs.ContainerToken));
        Assert.Equal(("http://169.254.170.23/v1/credentials", "one"), (eks.ContainerAddress!.AbsoluteUri, eks.ContainerToken!()));
        files["/token"] = "two";
        Assert.Equal("two", eks.ContainerToken!());
        Assert.Equal("Basic abc", own.ContainerToken!());
    }

    [Fact]
    public void Aws_ends_at_the_machine()
    {
        var found = Look().Aws("r");
        Assert.Equal((null, null, "http://169.254.169.254/"), (found.Options!.Credentials, found.Options.ContainerAddress, found.Options.MetadataAddress.AbsoluteUri));
        Assert.Equal("http://[fd00:ec2::254]/", Look("AWS_EC2_METADATA_SERVICE_ENDPOINT=http://[fd00:ec2::254]").Aws("r").Options!.MetadataAddress.AbsoluteUri);
        Assert.StartsWith("No AWS key was found.", Look("AWS_EC2_METADATA_DISABLED=TRUE").Aws("r").Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only the first is set. Set both, or none.", "AWS_ACCESS_KEY_ID=AK")]
    [InlineData("Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only the second is set. Set both, or none.", "AWS_SECRET_ACCESS_KEY=s")]
    [InlineData("The profile half in /home/me/.aws/credentials has only half a key.", "AWS_PROFILE=half")]
    [InlineData("AWS_PROFILE names nobody, for which the shared files have no key.", "AWS_PROFILE=nobody")]
    [InlineData("The profile sso in /home/me/.aws/config names the sso_session x, which /home/me/.aws/config does not have.", "AWS_PROFILE=sso")]
    [InlineData("The sso-session bare in /home/me/.aws/config has no sso_region.", "AWS_PROFILE=bare")]
    [InlineData("The profile stray in /home/me/.aws/config has no sso_account_id.", "AWS_PROFILE=stray")]
    [InlineData("The profile lonely in /home/me/.aws/config has a role_arn, but nobody to ask for it.", "AWS_PROFILE=lonely")]
    [InlineData("The profile lost in /home/me/.aws/config names the source_profile gone, for which the shared files have no key.", "AWS_PROFILE=lost")]
    [InlineData("The profile ring in /home/me/.aws/config names the source_profile round, for which the shared files have no key.", "AWS_PROFILE=round")]
    [InlineData("The profile token in /home/me/.aws/config wants a code of a device (mfa_serial)", "AWS_PROFILE=token")]
    [InlineData("The credential_source of profile env in /home/me/.aws/config is Environment, but AWS_ACCESS_KEY_ID is not set.", "AWS_PROFILE=env")]
    [InlineData("The credential_source of profile moon in /home/me/.aws/config is none that is known.", "AWS_PROFILE=moon")]
    [InlineData("The duration_seconds of profile long in /home/me/.aws/config is no whole number.", "AWS_PROFILE=long")]
    [InlineData("The profile login in /home/me/.aws/config gets its key by login_session, which is not supported.", "AWS_PROFILE=login")]
    [InlineData("AWS_WEB_IDENTITY_TOKEN_FILE is set, but not AWS_ROLE_ARN with it.", "AWS_WEB_IDENTITY_TOKEN_FILE=/t")]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https address", "AWS_SHARED_CREDENTIALS_FILE=/none", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://evil.example/x")]
    public void Aws_does_not_go_on_as_somebody_else_when_something_is_wrong(string problem, params string[] variables)
    {
        files["/home/me/.aws/credentials"] = Credentials;
        files["/home/me/.aws/config"] = Config;

        var found = Look(variables).Aws("r");

        Assert.Null(found.Options);
        Assert.StartsWith(problem, found.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ap-south-1", "AWS_REGION=ap-south-1", "AWS_DEFAULT_REGION=us-west-2")]
    [InlineData("us-west-2", "AWS_DEFAULT_REGION=us-west-2")]
    [InlineData("eu-north-1")]
    [InlineData("eu-west-3", "AWS_PROFILE=sso")]
    public void Aws_finds_the_region(string region, params string[] variables)
    {
        files["/home/me/.aws/config"] = Config;

        Assert.Equal(region, Look(variables).AwsRegion());
    }

    [Fact]
    public void Aws_without_a_region_says_so() =>
        Assert.Equal((null, "No AWS region is known. Set it in the provider's settings or in AWS_REGION."), Outcome(Look().Aws()));

    [Fact]
    public void Entra_takes_an_application_before_managed_identities()
    {
        files["/federated"] = "eyJ";
        var secret = Look("AZURE_TENANT_ID=t", "AZURE_CLIENT_ID=c", "AZURE_CLIENT_SECRET=s", "IDENTITY_ENDPOINT=http://x/y", "IDENTITY_HEADER=h").Entra().Options!;
        var federated = Look("AZURE_TENANT_ID=t", "AZURE_CLIENT_ID=c", "AZURE_FEDERATED_TOKEN_FILE=/federated", "AZURE_AUTHORITY_HOST=https://login.partner.microsoftonline.cn").Entra().Options!;
        var app = Look("AZURE_CLIENT_ID=c", "IDENTITY_ENDPOINT=http://127.0.0.1:41/msi/token", "IDENTITY_HEADER=h").Entra().Options!;
        var machine = Look("AZURE_CLIENT_ID=c").Entra().Options!;

        Assert.Equal((true, "s", null), (secret.IsApplication, secret.ClientSecret, secret.IdentityEndpoint));
        Assert.Equal((true, "eyJ", "https://login.partner.microsoftonline.cn/"), (federated.IsApplication, federated.ClientAssertion!(), federated.AuthorityAddress.AbsoluteUri));
        Assert.Equal((false, "http://127.0.0.1:41/msi/token", "h", "c"), (app.IsApplication, app.IdentityEndpoint!.AbsoluteUri, app.IdentityHeader, app.ClientId));
        Assert.Equal((false, null, "c"), (machine.IsApplication, machine.IdentityEndpoint, machine.ClientId));
    }

    [Theory]
    [InlineData("AZURE_CLIENT_SECRET is set, but not AZURE_TENANT_ID", "AZURE_CLIENT_SECRET=s", "AZURE_CLIENT_ID=c")]
    [InlineData("AZURE_CLIENT_CERTIFICATE_PATH is set, but certificates are not supported.", "AZURE_CLIENT_CERTIFICATE_PATH=/c", "AZURE_TENANT_ID=t", "AZURE_CLIENT_ID=c")]
    public void Entra_does_not_go_on_as_somebody_else_when_something_is_wrong(string problem, params string[] variables)
    {
        var found = Look(variables).Entra();

        Assert.Null(found.Options);
        Assert.StartsWith(problem, found.Problem, StringComparison.Ordinal);
    }

    private CloudCredentials Look(params string[] variables) =>
        new(Given.Environment([.. variables, "HOME=/home/me", "EMPTY="]), path => files.GetValueOrDefault(path), (path, text) => files[path] = text);

    private static (object?, string?) Outcome<T>(FoundIdentity<T> found)
        where T : class => (found.Options, found.Problem);
}
