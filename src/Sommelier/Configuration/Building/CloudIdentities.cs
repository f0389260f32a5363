using Microsoft.Extensions.Logging;
using Sommelier.Providers;
using Sommelier.Upstream;
using Sommelier.Upstream.Auth;

namespace Sommelier.Configuration.Building;

/// <summary>
/// The identities that providers without a key are shown, found around the process. Kept over reloads of the
/// configuration, with the tokens that they hold.
/// </summary>
internal sealed class CloudIdentities : IDisposable
{
    private const long MostFileBytes = 1024 * 1024;

    private readonly Dictionary<string, (IRequestAuth? Auth, string? Problem)> found = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly CloudCredentials credentials;
    private readonly UpstreamHttp http;
    private readonly TimeProvider time;
    private readonly ILogger? logger;

    /// <summary>Identities as this environment has them.</summary>
    public CloudIdentities(Func<string, string?> environment, TimeProvider time, ILogger? logger = null)
    {
        (this.time, this.logger) = (time, logger);
        credentials = new(environment, ReadFile, WriteFile);
        http = new(time);
    }

    /// <summary>The identity for a provider; null where it needs none, or where a problem says why there is none.</summary>
    public IRequestAuth? For(Provider known, ProviderSettings settings, out string? problem)
    {
        problem = null;
        if (known.Identity == CloudIdentity.None)
        {
            return null;
        }

        var region = known.Identity == CloudIdentity.Aws ? settings.Value("region") : "";
        lock (gate)
        {
            var key = $"{known.Identity} {region} {known.SigningService}";
            if (!found.TryGetValue(key, out var identity))
            {
                found[key] = identity = Find(known, region);
            }

            problem = identity.Problem;
            return identity.Auth;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private (IRequestAuth? Auth, string? Problem) Find(Provider known, string region) => known.Identity switch
    {
        CloudIdentity.Aws => Make(credentials.Aws(region), options => new AwsSigV4Auth(options with { Service = known.SigningService }, http.SendAsync, time, logger)),
        CloudIdentity.Google => Make(credentials.Google(), options => new GoogleAuth(options, http.SendAsync, time, logger)),
        _ => Make(credentials.Entra(), options => new EntraAuth(options, http.SendAsync, time, logger)),
    };

    private static (IRequestAuth? Auth, string? Problem) Make<TOptions>(FoundIdentity<TOptions> identity, Func<TOptions, IRequestAuth> make)
        where TOptions : class => (identity.Options is { } options ? make(options) : null, identity.Problem);

    private static string? ReadFile(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MostFileBytes } ? File.ReadAllText(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // Whole or not at all, and for its user alone: other programs read it.
    private static void WriteFile(string path, string text)
    {
        var next = $"{path}.{Environment.ProcessId}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(next, options))
            {
                writer.Write(text);
            }

            File.Move(next, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that may only be read: what was written is kept in memory.
        }
    }
}
