using System.Text.Json;

namespace Sommelier.Server.Tests.Clients;

/// <summary>Runs a script that compares what a client sees directly and through the gateway.</summary>
internal static class Comparison
{
    /// <summary>Runs it; every comparison must come out the same. Returns one object per case.</summary>
    public static async Task<IReadOnlyList<JsonElement>> RunAsync(string script, params string[] arguments)
    {
        var lines = await LinesAsync(script, arguments);
        var different = string.Join('\n', lines.Where(line => !line.GetProperty("same").GetBoolean()).Select(line => line.GetRawText()));
        Assert.True(different.Length == 0, different);
        return lines;
    }

    /// <summary>Runs it, whatever the comparisons come to.</summary>
    public static async Task<IReadOnlyList<JsonElement>> LinesAsync(string script, params string[] arguments)
    {
        using var process = Node.Start(script, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));

        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.True(process.ExitCode == 0, await errors);
        return lines;
    }
}
