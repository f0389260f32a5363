using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream.Auth;

/// <summary>The signed statement with which a service account asks for a token: a JWT, RS256 (RFC 7523).</summary>
internal static class GoogleAssertion
{
    /// <summary>The longest life that Google takes, in seconds.</summary>
    private const int Life = 3600;

    /// <summary>Writes and signs it.</summary>
    public static string Write(GoogleServiceAccount account, string scope, DateTimeOffset now)
    {
        var head = Encode(json =>
        {
            json.WriteString("alg"u8, "RS256"u8);
            json.WriteString("typ"u8, "JWT"u8);
            if (account.KeyId is { } id)
            {
                json.WriteString("kid"u8, id);
            }
        });
        var issued = now.ToUnixTimeSeconds();
        var claims = Encode(json =>
        {
            json.WriteString("iss"u8, account.Email);
            json.WriteString("scope"u8, scope);
            json.WriteString("aud"u8, account.TokenAddress.AbsoluteUri);
            json.WriteNumber("iat"u8, issued);
            json.WriteNumber("exp"u8, issued + Life);
        });

        var text = $"{head}.{claims}";
        using var rsa = RSA.Create();
        rsa.ImportFromPem(account.PrivateKey);
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}
