using Sommelier.Server.Conformance;
using Sommelier.Server.Conformance.Callers;

namespace Sommelier.Server.Tests.Conformance;

/// <summary>Sommelier before the fault suite that it ships.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public Task Callers_of_every_dialect_get_what_they_are_owed() => PassesAsync(new()
    {
        Dialects = CallerDialect.All,
        Cases = [.. FaultCases.All.Where(fault => !fault.NeedsLimit)],

        // Long, so that a busy machine is not taken for a silent provider.
        Stall = TimeSpan.FromSeconds(20),
        Timeout = TimeSpan.FromSeconds(60),
    });

    [Fact]
    public Task What_never_ends_is_ended() => PassesAsync(new()
    {
        Dialects = [CallerDialect.All[0]],
        Cases = [.. FaultCases.All.Where(fault => fault.NeedsLimit)],
        Stall = TimeSpan.FromSeconds(1),
        Timeout = TimeSpan.FromSeconds(60),
    });

    [Fact]
    public void The_document_names_every_case_and_no_other()
    {
        var named = File.ReadLines(Path.Combine(Repository.Root, "docs", "conformance.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        Assert.Equal(FaultCases.All.Select(fault => fault.Name), named);
    }

    [Fact]
    public void Names_are_given_once() => Assert.Distinct(FaultCases.All.Select(fault => fault.Name));

    private static async Task PassesAsync(ConformanceOptions options)
    {
        await using var session = await ConformanceSession.StartAsync(options, TestContext.Current.CancellationToken);

        var results = await session.PlayAllAsync(static _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(Play.All(options.Cases, options.Dialects).Count, results.Count);
        Assert.Equal([], results.Where(result => !result.Verdict.Passed || result.Verdict.Seen.Contains("not the dialect's error", StringComparison.Ordinal))
            .Select(result => $"{result.Play.Name}: {result.Verdict.Seen}: {result.Verdict.Fault}"));
    }
}
