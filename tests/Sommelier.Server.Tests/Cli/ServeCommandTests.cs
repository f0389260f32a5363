using System.Net;
using System.Net.Sockets;

namespace Sommelier.Server.Tests.Cli;

public sealed class ServeCommandTests
{
    [Theory]
    [InlineData("foo")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:0/base")]
    public async Task An_address_that_is_none_is_told_in_a_line(string url)
    {
        var result = await ServeAsync(url);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"cannot listen on {url}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_told_in_a_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var result = await ServeAsync($"http://{other.LocalEndpoint}");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("--urls", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_this_machine_has_not_is_told_in_a_line()
    {
        // Of the block that is kept for documentation (RFC 5737).
        var result = await ServeAsync("http://192.0.2.1:4000");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("cannot listen on http://192.0.2.1:4000", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_no_other_machine_is_served()
    {
        var result = await ServeAsync("http://0.0.0.0:0", keys: "[]");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("server.keys", result.Error, StringComparison.Ordinal);
    }

    private static async Task<CliResult> ServeAsync(string url, string keys = "[k1]")
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "sommelier.yaml");
        await File.WriteAllTextAsync(file, $"discover: false\nserver: {{ keys: {keys} }}\n");
        return await CliRun.RunAsync("serve", "--config", file, "--data", Path.Combine(folder.Path, "data"), "--urls", url);
    }
}
