using System.Globalization;
using Sommelier.Accounts;
using Sommelier.Accounts.Administration;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Spectre.Console;

namespace Sommelier.Server.Cli.Accounts;

/// <summary>Prints accounts.</summary>
internal static class AccountReport
{
    /// <summary>Prints a page of a list, as a table or as JSON.</summary>
    public static void Print(CliContext context, Page<Account> page, bool json)
    {
        if (json)
        {
            JsonOutput.Write(context.Output, writer => page.Members(writer, static (writer, account) =>
            {
                writer.WriteStartObject();
                AccountJson.Members(writer, account);
                writer.WriteEndObject();
            }));
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("id", "name", "below", "limits", "state");
        foreach (var account in page.Items)
        {
            var name = account is KeyAccount key ? $"{account.Name} ({key.Prefix}…, {EnumNames<KeyRole>.Of(key.Role)})" : account.Name;
            table.AddRow(Markup.Escape(account.Id), Markup.Escape(name), Markup.Escape(account.ParentId ?? ""), Markup.Escape(Limits(account.Limits)), State(account, context.Time.GetUtcNow()));
        }

        context.Console.Write(table);
        PageOptions.TellOfMore(context, page.NextAfter);
    }

    /// <summary>Prints one with what it has spent.</summary>
    public static async Task PrintSpentAsync(CliContext context, AccountBook book, Account account, bool json, CancellationToken cancellationToken)
    {
        var spent = new List<(SpendWindow Window, SpendTotal Total)>();
        foreach (var window in Enum.GetValues<SpendWindow>())
        {
            spent.Add((window, await book.SpendAsync(account.Id, window, cancellationToken)));
        }

        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                AccountJson.Members(writer, account);
                writer.WriteStartObject("spent");
                foreach (var (window, total) in spent)
                {
                    AccountJson.Spend(writer, window, total);
                }

                writer.WriteEndObject();
            });
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("window", "budget", "spent", "of it estimated", "tokens", "requests");
        foreach (var (window, total) in spent)
        {
            var budget = account.Limits.Budgets.FirstOrDefault(one => one.Window == window);
            table.AddRow(
                EnumNames<SpendWindow>.Of(window),
                budget is null ? "" : Budget(budget),
                Usd(total.CostNanoUsd),
                Usd(total.EstimatedCostNanoUsd),
                total.Tokens.ToString(CultureInfo.InvariantCulture),
                total.Requests.ToString(CultureInfo.InvariantCulture));
        }

        context.Console.Write(table);
    }

    private static string State(Account account, DateTimeOffset now) => account switch
    {
        { ClosedAt: not null } => account.Kind == AccountKind.Key ? "revoked" : "closed",
        KeyAccount { ExpiresAt: { } end } => string.Create(CultureInfo.InvariantCulture, $"{(end <= now ? "expired" : "until")} {end.UtcDateTime:yyyy-MM-dd}"),
        _ => "",
    };

    private static string Limits(AccountLimits limits)
    {
        var parts = limits.Budgets.Select(Budget).ToList();
        if (limits.RequestsPerMinute is { } requests)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{requests} rpm"));
        }

        if (limits.TokensPerMinute is { } tokens)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{tokens} tpm"));
        }

        return string.Join(", ", parts);
    }

    private static string Budget(Budget budget)
    {
        var money = budget.NanoUsd is { } nano ? Usd(nano) : null;
        var tokens = budget.Tokens is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count} tokens") : null;
        var window = budget.Window == SpendWindow.Total ? "in all" : $"per {EnumNames<SpendWindow>.Of(budget.Window)}";
        return $"{string.Join(" and ", new[] { money, tokens }.Where(part => part is not null))} {window}";
    }

    private static string Usd(long nanoUsd) => string.Create(CultureInfo.InvariantCulture, $"{NanoUsd.ToUsd(nanoUsd) / 1.000000000m} USD");
}
