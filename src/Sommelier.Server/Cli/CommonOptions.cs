using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sommelier.Configuration;

namespace Sommelier.Server.Cli;

/// <summary>Options that several verbs share, always spelled and read the same way.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON." };

    public static Option<string?> Config() => new("--config", "-c") { Description = "The configuration file. Default: ./sommelier.yaml when it exists.", HelpName = "FILE" };

    /// <summary>The profile in force; see <see cref="CliContext.Under"/>.</summary>
    public static Option<string?> Profile() => new("--profile") { Description = "The profile in force: prototype, optimize, production or one of the configuration. Default: SOMMELIER_PROFILE, else the configuration's.", HelpName = "NAME" };

    /// <summary>A moment; a day alone is its first moment, UTC.</summary>
    public static Option<DateTimeOffset?> At(string description) => Time("--at", description);

    /// <summary>The same under another name.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = ReadTime,
    };

    /// <summary>The configuration for looking, in which secrets may be absent.</summary>
    /// <exception cref="CliException">It has mistakes; they have been printed.</exception>
    public static SommelierConfig Load(CliContext context, string? named) =>
        ConfigFiles.LoadOrReport(ConfigFile.Find(named), context.Environment, context.Error, offline: true)
        ?? throw new CliException("the configuration cannot be used; 'sommelier config check' explains it.");

    private static DateTimeOffset? ReadTime(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        result.AddError($"'{text}' is no time. Write it like 2026-11-30 or 2026-11-30T12:00:00Z.");
        return null;
    }
}
