using System.CommandLine;
using Sommelier.Configuration;

namespace Sommelier.Server.Cli;

/// <summary>The options that <c>serve</c>, <c>demo</c> and <c>ask</c> share.</summary>
internal sealed class ServeOptions(bool withUrls = true)
{
    private readonly Option<string?> config = CommonOptions.Config();
    private readonly Option<string?> urls = new("--urls") { Description = "Where to listen, separated by semicolons. Default: http://127.0.0.1:4000.", HelpName = "URLS" };
    private readonly Option<string?> data = new("--data") { Description = "The data folder. Default: ./.sommelier.", HelpName = "FOLDER" };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(config);
        if (withUrls)
        {
            command.Options.Add(urls);
        }

        command.Options.Add(data);
    }

    /// <summary>What was given.</summary>
    public ServeSettings Read(ParseResult parsed) => new(parsed.GetValue(config), withUrls ? parsed.GetValue(urls) : null, parsed.GetValue(data));
}

/// <summary>What was given on the command line.</summary>
/// <param name="File">The configuration file, or null.</param>
/// <param name="Urls">Where to listen, or null.</param>
/// <param name="Data">The data folder, or null.</param>
internal sealed record ServeSettings(string? File, string? Urls, string? Data)
{
    /// <summary>The file that is read: the one given, else the usual one; null when there is none.</summary>
    public string? EffectiveFile => Configuration.ConfigFile.Find(File);

    /// <summary>Reads the configuration with the command line over it.</summary>
    /// <exception cref="CliException">It has mistakes; they have been printed.</exception>
    public SommelierConfig Load(CliContext context) => Over(
        ConfigFiles.LoadOrReport(EffectiveFile, context.Environment, context.Error)
        ?? throw new CliException("the configuration cannot be used; 'sommelier config check' explains it."));

    /// <summary>The configuration with the command line over it.</summary>
    public SommelierConfig Over(SommelierConfig config) => config with
    {
        Server = config.Server with
        {
            Urls = Urls is null ? config.Server.Urls : Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Data = Data ?? config.Server.Data,
        },
    };
}
