using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sommelier.Configuration;

namespace Sommelier.Server.Hosting;

/// <summary>Reads the certificate that the configuration names.</summary>
internal static class TlsFiles
{
    /// <summary>The certificate with its private key.</summary>
    /// <exception cref="IOException">A file is missing, is no certificate, or the password is wrong.</exception>
    public static X509Certificate2 Read(TlsConfig config)
    {
        try
        {
            return (config.Key, config.Password) switch
            {
                (null, _) => X509CertificateLoader.LoadPkcs12FromFile(config.Certificate, config.Password),
                ({ } key, null) => X509Certificate2.CreateFromPemFile(config.Certificate, key),
                ({ } key, { } password) => X509Certificate2.CreateFromEncryptedPemFile(config.Certificate, password, key),
            };
        }
        catch (Exception failure) when (failure is CryptographicException or UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The certificate '{config.Certificate}' cannot be used: {failure.Message} Check server.tls.", failure);
        }
    }
}
