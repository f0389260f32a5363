using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.Tests.Ledger;

namespace Sommelier.Tests.Gateway;

public sealed class WarmUpTests
{
    [Fact]
    public async Task Every_format_that_callers_speak_is_warmed_and_no_other()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await GatewayHost.StartAsync(
            GatewaySnapshotBuilder.Build(SommelierConfig.Default with { Discover = false }, _ => null, []).Snapshot,
            new() { DatabasePath = Path.Combine(folder.Path, "ledger.db"), JournalFolder = Path.Combine(folder.Path, "journal") },
            TimeProvider.System,
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken);

        // A format of providers only would throw.
        gateway.WarmUp();
    }
}
