using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Sommelier.Tests.Architecture;

/// <summary>The dependency arrows of ARCHITECTURE.md, checked on the compiled assembly: using lines do not show them all.</summary>
public sealed class ArrowTests
{
    private static readonly ArchUnitNET.Domain.Architecture Built =
        new ArchLoader().LoadAssemblies(typeof(Canonical.ChatRequest).Assembly).Build();

    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Canonical"] = [],
        ["Statistics"] = [],
        ["JsonSchemas"] = [],
        ["Judging"] = [],
        ["Parquet"] = [],
        ["Telemetry"] = ["Canonical"],
        ["Wire"] = ["Canonical"],
        ["Catalog"] = ["Canonical", "Statistics"],
        ["Providers"] = ["Canonical", "Wire", "Catalog"],
        ["Routing"] = ["Canonical", "Catalog", "Statistics"],
        ["RouterBenchmark"] = ["Canonical", "Catalog", "Routing", "Statistics"],
        ["Upstream"] = ["Canonical", "JsonSchemas", "Wire", "Providers", "Catalog", "Telemetry"],
        ["Resilience"] = ["Canonical", "Wire", "Catalog", "Routing", "Upstream", "Telemetry"],
        ["Ledger"] = ["Canonical", "Catalog", "Telemetry", "Storage", "Parquet"],
        ["Storage"] = [],
        ["Accounts"] = ["Canonical", "Catalog", "Ledger", "Storage"],
        ["Quality"] = ["Canonical", "Catalog", "Ledger", "Storage", "Accounts"],
        ["Replay"] = ["Canonical", "Catalog", "Routing", "Statistics", "Ledger", "Quality"],
        ["Canaries"] = ["Canonical", "Catalog", "Statistics", "Routing", "Ledger", "Storage", "Accounts"],
        ["Gateway"] = ["Canonical", "JsonSchemas", "Judging", "Wire", "Catalog", "Providers", "Routing", "Upstream", "Resilience", "Ledger", "Telemetry", "Storage", "Accounts", "Quality", "Canaries"],
        ["Configuration"] = ["Canonical", "Wire", "Catalog", "Providers", "Routing", "Upstream", "Resilience", "Ledger", "Telemetry", "Gateway", "Storage", "Accounts", "Quality", "Canaries"],
        ["Embedding"] = ["Canonical", "Wire", "Catalog", "Providers", "Routing", "Upstream", "Resilience", "Ledger", "Telemetry", "Gateway", "Configuration", "Storage", "Accounts", "Quality", "Canaries"],
        ["Evals"] = ["Canonical", "JsonSchemas", "Judging", "Parquet", "Statistics", "Wire", "Providers", "Catalog", "Routing", "Resilience", "Ledger", "Quality", "Gateway", "Configuration", "Storage"],
    };

    public static TheoryData<string> Stages => [.. MayUse.Keys];

    [Theory]
    [MemberData(nameof(Stages))]
    public void Stage_uses_only_what_it_may(string stage)
    {
        // A generic of the framework over a type of ours is listed under our namespace; the type itself is listed too.
        var forbidden =
            from type in Built.Types
            where StageOf(type) == stage
            from dependency in type.Dependencies
            let used = StageOf(dependency.Target)
            where !dependency.Target.FullName.StartsWith("System.", StringComparison.Ordinal)
            where used is not null && used != stage && !MayUse[stage].Contains(used, StringComparer.Ordinal)
            select $"{type.FullName} uses {dependency.Target.FullName}";

        Assert.Equal([], forbidden.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_folder_of_the_engine_is_a_stage_with_its_arrows()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "Sommelier"))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Sommelier", folder), "*.cs", SearchOption.AllDirectories).Any())
            .Where(folder => folder is not ("bin" or "obj"));

        Assert.Equal([], folders.Except(MayUse.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Engine_has_no_web_framework() =>
        Assert.DoesNotContain(
            typeof(Canonical.Intent).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private static string? StageOf(IType type)
    {
        var parts = type.Namespace?.FullName.Split('.') ?? [];
        return parts is ["Sommelier", var stage, ..] && MayUse.ContainsKey(stage) ? stage : null;
    }
}
