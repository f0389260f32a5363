using Sommelier.Evals.Publishing;
using Sommelier.Evals.Reports;
using Sommelier.Gateway;
using Sommelier.Quality;
using Sommelier.Statistics.Planning;

namespace Sommelier.Server.Cli.Evals;

/// <summary>Makes a version of the quality table of a run, by hand or by schedule.</summary>
internal static class RunPublication
{
    /// <summary>Why a run is not published; null when nothing is against it.</summary>
    /// <param name="report">The run.</param>
    /// <param name="force">Whether a gate that failed, or much that is missing, does not matter.</param>
    /// <param name="simulated">Whether simulated answers will do.</param>
    public static CliException? Objection(RunReport report, bool force, bool simulated) => report switch
    {
        { Manifest.Simulated: true } when !simulated => new($"the models of {report.Manifest.Id} are simulated, and what they said is no evidence. --simulated publishes it all the same, marked as such."),
        { Gate: Verdict.Fail } when !force => new($"the gate of {report.Manifest.Id} failed. --force publishes it all the same.", ExitCodes.GateFailed),
        { Unreliable: true } when !force => new($"more than 2 % of the answers of {report.Manifest.Id} are missing, so it may say something else than it would whole. 'sommelier eval resume {report.Manifest.Id}' asks for them; --force publishes it as it is.", ExitCodes.Infrastructure),
        _ when RunEvidence.Of(report).Count == 0 => new($"the run {report.Manifest.Id} has no answer of a model that was scored. 'sommelier eval resume {report.Manifest.Id}' asks for what is missing."),
        _ => null,
    };

    /// <summary>Publishes a run against which nothing is.</summary>
    /// <param name="book">The versions.</param>
    /// <param name="snapshot">Over whose catalog.</param>
    /// <param name="report">The run.</param>
    /// <param name="evidence">What it says.</param>
    /// <param name="shadow">Whether nothing uses it until somebody puts it in force.</param>
    /// <param name="actor">Who does it, for the audit log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<QualityVersion> MakeAsync(
        QualityBook book, GatewaySnapshot snapshot, RunReport report, IReadOnlyList<Evidence> evidence, bool shadow, string actor, CancellationToken cancellationToken) =>
        (await book.PublishAsync(
            new() { Evidence = evidence, Reason = $"eval run {report.Manifest.Id}", Actor = actor, Shadow = shadow, Catalog = snapshot.Catalog, Settings = snapshot.Quality },
            cancellationToken))!;
}
