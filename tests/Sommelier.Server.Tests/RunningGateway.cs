using Microsoft.Extensions.Logging;
using Sommelier.Configuration;
using Sommelier.Gateway;
using Sommelier.Server.Hosting;
using Sommelier.TestKit;

namespace Sommelier.Server.Tests;

/// <summary>A whole gateway on a free port with a data folder of its own, as <c>serve</c> builds it.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly RunningServer server;
    private readonly string folder;
    private readonly CapturedLog log;
    private bool stopped;

    private RunningGateway(RunningServer server, string folder, string configuration, CapturedLog log)
    {
        Configuration = configuration;
        this.server = server;
        this.folder = folder;
        this.log = log;
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url => server.Urls[0];

    /// <summary>The text of its configuration.</summary>
    public string Configuration { get; }

    /// <summary>Its data folder.</summary>
    public string Folder => folder;

    /// <summary>The gateway behind the edge.</summary>
    public GatewayHost Gateway => server.Gateway;

    /// <summary>Everything that was logged, at every level.</summary>
    public string Log => log.Text;

    /// <summary>Starts one from the text of a configuration.</summary>
    public static async Task<RunningGateway> StartAsync(string yaml, HttpMessageHandler? transport = null, string url = "http://127.0.0.1:0", TimeProvider? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("sommelier-test-").FullName;
        var (config, problems) = ConfigReader.Read(yaml, "sommelier.yaml", _ => null);
        Assert.True(config is not null, string.Join('\n', problems));
        var log = new CapturedLog();
        var startup = new GatewayStartup
        {
            Config = config with { Server = config.Server with { Urls = [url], Data = folder } },
            Environment = _ => null,
            Logging = logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace),
            Transport = transport,
            Time = time ?? TimeProvider.System,
        };
        var server = await startup.BuildAsync(CancellationToken.None);
        await server.StartAsync(CancellationToken.None);
        return new RunningGateway(server, folder, yaml, log);
    }

    /// <summary>Every byte of the data folder, for tests that look for what must not be there. Call it after the gateway has stopped.</summary>
    public string ReadDataFolder() => string.Join('\n', kept ?? []);

    /// <summary>Stops it and removes its data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        await server.DisposeAsync();
        kept = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)))];
        Directory.Delete(folder, recursive: true);
    }

    private string[]? kept;
}
