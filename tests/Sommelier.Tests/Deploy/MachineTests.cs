using System.Text.RegularExpressions;

namespace Sommelier.Tests.Deploy;

/// <summary>The image and the systemd unit start what <c>./publish</c> makes, with options that exist.</summary>
public sealed partial class MachineTests
{
    private static readonly string Dockerfile = Deployed.Text("Dockerfile");
    private static readonly string Unit = Deployed.Text("sommelier.service");

    [Fact]
    public void What_the_image_copies_exists_and_is_not_ignored()
    {
        var ignored = Deployed.Text("Dockerfile.dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = Copy().Matches(Dockerfile).SelectMany(match => match.Groups[1].Value.Split(' ')[..^1]).Select(path => path.TrimEnd('/')).ToList();

        Assert.Equal(ignored.Order(StringComparer.Ordinal), copied.Order(StringComparer.Ordinal));
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [Fact]
    public void What_the_build_reads_is_copied()
    {
        var copied = Copy().Matches(Dockerfile).SelectMany(match => match.Groups[1].Value.Split(' ')[..^1]).ToHashSet(StringComparer.Ordinal);
        var atRoot = Directory.EnumerateFiles(Repository.Root, "Directory.*").Select(file => Path.GetFileName(file)!);
        Assert.Subset(copied, new HashSet<string>([.. atRoot, "global.json", "publish", "src"], StringComparer.Ordinal));
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "Directory.Build.props")).Select(File.ReadAllText);
        foreach (Match named in RootFile().Matches(string.Concat(projects)))
        {
            Assert.Contains(named.Groups[1].Value, copied);
        }
    }

    [Fact]
    public void The_image_starts_the_executable_as_nobody_special_where_the_others_expect_it()
    {
        var publish = File.ReadAllText(Path.Combine(Repository.Root, "publish"));
        Assert.Contains("\"$out/sommelier\"", publish, StringComparison.Ordinal);
        Assert.Contains("ln -s /opt/sommelier/sommelier /usr/local/bin/sommelier", Dockerfile, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^USER app$", Dockerfile);
        Assert.Matches(@"(?m)^ENTRYPOINT \[""sommelier""\]$", Dockerfile);
        var port = Regex.Match(Dockerfile, @"(?m)^EXPOSE (\d+)$").Groups[1].Value;
        Assert.Contains($"/dev/tcp/127.0.0.1/{port}", Dockerfile, StringComparison.Ordinal);
        Assert.EndsWith(":" + port, Deployed.Parse(Deployed.Text("sommelier.yaml")).At("server/urls").ToString(), StringComparison.Ordinal);

        // What needs the same C library comes from the same distribution.
        var bases = Regex.Matches(Dockerfile, @"(?m)^FROM \S+:(\S+)").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(2, bases.Count);
        Assert.Single(bases.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void The_unit_gives_the_program_its_folder_and_little_else()
    {
        var settings = Unit.Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#')).Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        Assert.Equal(
            ["/opt/sommelier/sommelier", "serve", "--config", "/etc/sommelier/sommelier.yaml", "--data", "/var/lib/" + settings["StateDirectory"].Single()],
            settings["ExecStart"].Single().Split(' '));
        foreach (var on in new[] { "DynamicUser", "NoNewPrivileges", "PrivateDevices", "PrivateTmp", "MemoryDenyWriteExecute", "RestrictNamespaces" })
        {
            Assert.Equal("yes", settings[on].Single());
        }

        Assert.Equal(("strict", ""), (settings["ProtectSystem"].Single(), settings["CapabilityBoundingSet"].Single()));
    }

    [GeneratedRegex(@"(?m)^COPY (?!--from)(.+)$")]
    private static partial Regex Copy();

    // Files at the root that projects name: $(MSBuildThisFileDirectory)BannedSymbols.txt.
    [GeneratedRegex(@"\$\(MSBuildThisFileDirectory\)([A-Za-z.]+\.\w+)""")]
    private static partial Regex RootFile();
}
