using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sommelier.Accounts;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Server.Cli.Accounts;

/// <summary>Limits as options: <c>--budget month=100 --budget day=2000000tokens --rpm 60</c>.</summary>
internal sealed class LimitOptions
{
    private readonly Option<Budget[]> budgets = new("--budget", "-b")
    {
        Description = "What may be spent: WINDOW=USD, WINDOW=NUMBERtokens, or both with a comma; WINDOW is hour, day, month or total. May be given several times.",
        HelpName = "WINDOW=LIMIT",
        CustomParser = ReadBudgets,
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<int?> requests = new("--rpm") { Description = "Requests per minute.", HelpName = "NUMBER" };
    private readonly Option<long?> tokens = new("--tpm") { Description = "Tokens per minute, input and output together.", HelpName = "NUMBER" };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(budgets);
        command.Options.Add(requests);
        command.Options.Add(tokens);
    }

    /// <summary>What was given.</summary>
    public AccountLimits Read(ParseResult parsed) => new()
    {
        Budgets = parsed.GetValue(budgets) ?? [],
        RequestsPerMinute = parsed.GetValue(requests),
        TokensPerMinute = parsed.GetValue(tokens),
    };

    /// <summary>Reads <c>month=100</c>, <c>day=5000tokens</c>, <c>day=1.5,5000tokens</c>.</summary>
    public static Budget[] ReadBudgets(ArgumentResult result)
    {
        var read = new List<Budget>();
        foreach (var token in result.Tokens)
        {
            if (TryRead(token.Value) is { } budget)
            {
                read.Add(budget);
            }
            else
            {
                result.AddError($"'{token.Value}' is no budget. Write it like month=100 (USD), day=2000000tokens, or hour=5,100000tokens.");
            }
        }

        return [.. read];
    }

    private static Budget? TryRead(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 0 || EnumNames<SpendWindow>.Parse(text[..at]) is not { } window)
        {
            return null;
        }

        var budget = new Budget(window, null, null);
        foreach (var part in text[(at + 1)..].Split(','))
        {
            const string Unit = "tokens";
            if (part.EndsWith(Unit, StringComparison.Ordinal) && long.TryParse(part.AsSpan(..^Unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var tokens))
            {
                budget = budget with { Tokens = tokens };
            }
            else if (decimal.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd < 9_000_000_000m)
            {
                budget = budget with { NanoUsd = NanoUsd.FromUsd(usd) };
            }
            else
            {
                return null;
            }
        }

        return budget;
    }
}
