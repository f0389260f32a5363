using System.Text;
using Sommelier.Gateway;
using Sommelier.Routing;
using Sommelier.Server.Cli.Ledger;
using Sommelier.Server.Cli.Quality;

namespace Sommelier.Server.Cli;

/// <summary><c>route --decision ID</c>: a recorded decision, decided again.</summary>
internal static class RecordedRoute
{
    /// <summary>Decides it again and says whether all that it depended on is still the same.</summary>
    /// <exception cref="CliException">There is no such record.</exception>
    public static async Task<RouteDecision> DecideAsync(CliContext context, ServeSettings settings, string id, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? found = null;
        await OpenedLedger.UseAsync(context, settings, async (ledger, _) =>
        {
            found = await ledger.GetDecisionAsync(id, cancellationToken);
            return ExitCodes.Fine;
        });
        if (found is not { } record)
        {
            throw new CliException($"there is no decision of the request '{id}' in the ledger. Ids are the values of x-sommelier-request-id.");
        }

        Redecision? again = null;
        try
        {
            await OpenedQuality.UseAsync(
                context,
                settings,
                async (book, snapshot) => again = await Redecision.OfAsync(record, snapshot.Catalog, book, cancellationToken),
                cancellationToken);
        }
        catch (FormatException wrong)
        {
            throw new CliException($"the record of '{id}' cannot be read: {wrong.Message}", ExitCodes.Infrastructure);
        }

        await context.Error.WriteLineAsync(Verdict(again!));
        return again!.Decision;
    }

    private static string Verdict(Redecision again)
    {
        var text = new StringBuilder("sommelier: ");
        text.Append(string.Equals(again.Decision.Id, again.Record.Id, StringComparison.Ordinal)
            ? "decided again, the same as recorded"
            : $"decided again, as {again.Decision.Id} instead of {again.Record.Id}");
        return (again.Difference is { } difference ? text.Append(": ").Append(difference) : text).Append('.').ToString();
    }
}
