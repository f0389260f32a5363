using System.CommandLine;
using Sommelier.Configuration;

namespace Sommelier.Server.Cli;

/// <summary>The options that <c>serve</c>, <c>demo</c> and <c>ask</c> share.</summary>
internal sealed class ServeOptions(bool withUrls = true)
{
    private readonly Option<string?> config = CommonOptions.Config();
    private readonly Option<string?> urls = new("--urls") { Description = "Where to listen, separated by semicolons. Default: http://127.0.0.1:4000.", HelpName = "URLS" };
    private readonly Option<string?> data = new("--data") { Description = "The data folder. Default: the configuration's server.data, else ./.sommelier.", HelpName = "FOLDER" };

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

    /// <summary>The same with the data folder that <c>serve</c> would take, for verbs that need no more of the configuration.</summary>
    /// <exception cref="CliException">The configuration names it, if at all, among mistakes.</exception>
    public ServeSettings Located(CliContext context)
    {
        if (Data is not null)
        {
            return this;
        }

        // Warnings are for the verbs that go by the rest of it.
        var (config, problems) = ConfigFile.Read(EffectiveFile, context.Environment, offline: true);
        return config is not null
            ? this with { Data = config.Server.Data }
            : throw new CliException($"the data folder is not known, since the configuration cannot be used:\n{string.Join('\n', problems.Where(static problem => problem.Severity == ConfigSeverity.Error))}\nMend it, or name the folder with --data.");
    }

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
