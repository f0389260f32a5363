using System.Globalization;

namespace Sommelier.TestKit.Services;

/// <summary>A PostgreSQL of its own, in a temporary folder; gone when disposed.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string folder;
    private readonly string programs;

    private PostgresServer(string folder, string programs, int port) => (this.folder, this.programs, Port) = (folder, programs, port);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>How to connect, in Npgsql's form.</summary>
    public string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;SSL Mode=Disable;Timeout=5");

    private string Data => Path.Combine(folder, "data");

    /// <summary>Makes and starts one; skips the calling test where PostgreSQL is not installed.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", "initdb"))
            : [];
        var programs = Path.GetDirectoryName(Service.Program("PostgreSQL", installed))!;
        var folder = Directory.CreateTempSubdirectory("sommelier-postgres-").FullName;
        var server = new PostgresServer(folder, programs, Service.FreePort());
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            await Service.RunAsync("chown", "postgres:postgres", folder);
        }

        await server.RunAsync("initdb", "-D", server.Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync");
        await server.UpAsync();
        return server;
    }

    /// <summary>Starts it, again after <see cref="DownAsync"/>.</summary>
    public Task UpAsync() => RunAsync(
        "pg_ctl", "-D", Data, "-l", Path.Combine(folder, "log"), "-w", "-o",
        string.Create(CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200"), "start");

    /// <summary>Stops it at once, connections and all.</summary>
    public Task DownAsync() => RunAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await DownAsync();
        }
        catch (InvalidOperationException)
        {
            // A test has stopped it already.
        }

        Directory.Delete(folder, recursive: true);
    }

    private Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        var path = Path.Combine(programs, program);
        return Environment.UserName == "root"
            ? Service.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : Service.RunAsync(path, arguments);
    }
}
