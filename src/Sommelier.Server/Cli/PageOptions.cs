using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sommelier.Canonical;

namespace Sommelier.Server.Cli;

/// <summary><c>--limit</c> and <c>--after</c> of verbs that print a list, as <c>/admin</c> has them.</summary>
internal sealed class PageOptions
{
    private readonly Option<int> limit = new("--limit")
    {
        Description = $"How many to print, 1 to {PageAsk.Largest}. Default: {PageAsk.Usual}.",
        HelpName = "N",
        CustomParser = ReadLimit,
        DefaultValueFactory = _ => PageAsk.Usual,
    };

    private readonly Option<string?> after = new("--after") { Description = "Go on behind this one: the next_after of what was printed before.", HelpName = "CURSOR" };

    /// <summary>Lets a verb take them.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(limit);
        command.Options.Add(after);
    }

    /// <summary>What was given.</summary>
    public PageAsk Read(ParseResult parsed) => new(parsed.GetValue(limit), parsed.GetValue(after));

    /// <summary>Refuses an <c>--after</c> that no page of the list has told.</summary>
    public static CliException NoPage() => new("--after must be the next_after of what was printed before. Leave it out to begin anew.");

    /// <summary>Says how to go on, where a table is not all.</summary>
    public static void TellOfMore(CliContext context, string? next)
    {
        if (next is not null)
        {
            context.Error.WriteLine($"There are more: --after {next}");
        }
    }

    private static int ReadLimit(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > PageAsk.Largest)
        {
            result.AddError($"'{text}' is no limit. --limit takes a whole number from 1 to {PageAsk.Largest}.");
        }

        return number;
    }
}
