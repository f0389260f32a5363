using System.Text.Json;
using Sommelier.Server.Cli;

namespace Sommelier.Server.Tests.Evals;

public sealed class EvalDataFolderTests
{
    private static readonly string[] One = ["--models", "lab/good", "--yes"];

    [Fact]
    public async Task Verbs_without_a_data_folder_take_that_of_the_configuration_as_serve_does()
    {
        await using var world = new EvalWorld(2);
        var place = world.At("elsewhere");
        await File.AppendAllTextAsync(world.Config, $"server: {{ data: '{place}' }}\n", TestContext.Current.CancellationToken);

        var run = await EvalWorld.InvokeAsync(["eval", "run", world.Suite, .. One, "--config", world.Config]);
        Assert.True(run.ExitCode == 0, run.Error);
        var id = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(place, "evals"))));

        foreach (var (verb, more) in new (string, string[])[]
        {
            ("resume", ["last", "--yes"]),
            ("regrade", ["last", "--yes"]),
            ("amend", ["last", "--models", "lab/fair", "--yes"]),
            ("report", [id]),
            ("compare", [id, "last"]),
            ("publish", ["last", "--force"]),
        })
        {
            var result = await EvalWorld.InvokeAsync(["eval", verb, .. more, "--config", world.Config]);
            Assert.True(result.ExitCode == 0, $"{verb}: {result.Error}");
        }

        var report = JsonDocument.Parse((await EvalWorld.InvokeAsync("eval", "report", id, "--config", world.Config, "--json")).Output).RootElement;
        Assert.Equal(2, report.GetProperty("models").GetArrayLength());
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_is_told_with_its_mistakes_unless_the_folder_is_named()
    {
        await using var world = new EvalWorld(1);
        Assert.Equal(0, (await world.RunAsync(["run", world.Suite, .. One])).ExitCode);
        await File.AppendAllTextAsync(world.Config, "server: { dada: x }\n", TestContext.Current.CancellationToken);

        var unknown = await EvalWorld.InvokeAsync("eval", "report", "last", "--config", world.Config);
        Assert.Equal(ExitCodes.Usage, unknown.ExitCode);
        Assert.Contains("dada", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("--data", unknown.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await EvalWorld.InvokeAsync("eval", "report", "last", "--config", world.Config, "--data", world.Data)).ExitCode);
    }
}
