using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Sommelier.Tests.Deploy;

/// <summary><c>deploy/docker-compose.yaml</c> names files, services, ports and variables that exist.</summary>
public sealed partial class ComposeTests
{
    private static readonly YamlNode Services = Deployed.Parse(Deployed.Text("docker-compose.yaml"))["services"];
    private static readonly YamlNode Gateway = Services["sommelier"];

    [Fact]
    public void Files_that_it_names_exist()
    {
        var context = Path.Combine(Repository.Root, "deploy", Gateway.At("build/context").ToString());
        Assert.True(File.Exists(Path.Combine(context, Gateway.At("build/dockerfile").ToString())));
        var mounts = Gateway["volumes"].Items().Where(mount => mount.StartsWith('.')).Select(mount => mount.Split(':')).ToList();
        Assert.All(mounts, mount => Assert.True(File.Exists(Path.Combine(Repository.Root, "deploy", mount[0]))));
        Assert.Contains(mounts, mount => Deployed.Text("Dockerfile").Contains($"\"{mount[1]}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_reads_its_configuration_with_the_variables_that_are_passed()
    {
        var text = Deployed.Text("sommelier.yaml");
        Deployed.ReadsAsConfiguration(text, ((YamlMappingNode)Gateway["environment"]).Children.Keys.Select(key => key.ToString()).ToHashSet(StringComparer.Ordinal));

        var config = Deployed.Parse(text);
        Assert.EndsWith(":" + Gateway["ports"].Items().Single().Split(':')[^1], config.At("server/urls").ToString(), StringComparison.Ordinal);
        Assert.Contains(Gateway["volumes"].Items(), volume => volume.EndsWith(":" + config.At("server/data"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_storage_is_where_the_configuration_says()
    {
        var storage = Deployed.Parse(Deployed.Text("sommelier.yaml"))["storage"];
        var postgres = storage["postgres"].ToString().Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var database = Services[postgres["Host"]];
        Assert.Equal(
            (postgres["Username"], postgres["Database"]),
            (database.At("environment/POSTGRES_USER").ToString(), database.At("environment/POSTGRES_DB").ToString()));
        Assert.NotNull(Services[storage["redis"].ToString().Split(':')[0]]);
        Assert.All(((YamlMappingNode)Gateway["depends_on"]).Children, needed =>
        {
            Assert.Equal("service_healthy", needed.Value["condition"].ToString());
            Assert.NotNull(Services[needed.Key]["healthcheck"]);
        });
    }

    [Fact]
    public void No_password_is_written_down_and_none_may_be_forgotten()
    {
        var secrets = Secret().Matches(Deployed.Text("docker-compose.yaml")).Select(match => match.Groups[1].Value.Trim()).ToList();
        Assert.Equal(6, secrets.Count);
        Assert.All(secrets, value => Assert.Matches(@"^\$\{[A-Z_]+:(\?.+|-)\}$", value));
    }

    [GeneratedRegex("^ +(?:[A-Z]+_API_KEY|SOMMELIER_KEY|POSTGRES_PASSWORD): (.*)$", RegexOptions.Multiline)]
    private static partial Regex Secret();
}
