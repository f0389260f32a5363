using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sommelier.Configuration;
using Sommelier.Server.Hosting;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Edge;

public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Serves_https_with_the_configured_certificate()
    {
        using var certificate = MakeCertificate();
        var (pem, key) = (folder.Write("cert.pem", certificate.ExportCertificatePem()), folder.Write("key.pem", Key(certificate).ExportPkcs8PrivateKeyPem()));
        await using var gateway = await RunningGateway.StartAsync($"discover: false\nserver: {{ tls: {{ certificate: '{pem}', key: '{key}' }} }}", url: "https://127.0.0.1:0");
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint };
        using var client = new HttpClient(handler);

        Assert.NotEmpty(await client.GetStringAsync($"{gateway.Url}/health/live", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Reads_every_form_of_certificate()
    {
        using var certificate = MakeCertificate();
        var pem = folder.Write("cert.pem", certificate.ExportCertificatePem());
        var locked = folder.Write("locked.pem", Key(certificate).ExportEncryptedPkcs8PrivateKeyPem("hunter2", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)));
        var pfx = Path.Combine(folder.Path, "cert.pfx");
        File.WriteAllBytes(pfx, certificate.Export(X509ContentType.Pfx, "hunter2"));

        using var fromLocked = TlsFiles.Read(new TlsConfig(pem, locked, "hunter2"));
        using var fromPfx = TlsFiles.Read(new TlsConfig(pfx, null, "hunter2"));

        Assert.All([fromLocked, fromPfx], read => Assert.True(read.HasPrivateKey));
        Assert.Contains("cannot be used", Assert.Throws<IOException>(() => TlsFiles.Read(new TlsConfig(pfx, null, "wrong"))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be used", Assert.Throws<IOException>(() => TlsFiles.Read(new TlsConfig("/nowhere.pem", locked, null))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    internal static ECDsa Key(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!;

    internal static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
