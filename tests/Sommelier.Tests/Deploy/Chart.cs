using YamlDotNet.RepresentationModel;

namespace Sommelier.Tests.Deploy;

/// <summary>The Helm chart of <c>deploy/helm/sommelier</c>, rendered with its own values and some over them.</summary>
internal sealed class Chart
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "helm", "sommelier");

    /// <summary>Renders it.</summary>
    /// <param name="over">Values over those of the chart, as YAML.</param>
    public Chart(string over = "{}")
    {
        Values = (YamlMappingNode)Deployed.Parse(File.ReadAllText(Path.Combine(Folder, "values.yaml")));
        Lay((YamlMappingNode)Deployed.Parse(over), Values);
        var about = (YamlMappingNode)Deployed.Parse(File.ReadAllText(Path.Combine(Folder, "Chart.yaml")));
        var template = new ChartTemplate(new YamlMappingNode(
            "Values", Values,
            "Chart", new YamlMappingNode("Name", about["name"], "Version", about["version"], "AppVersion", about["appVersion"]),
            "Release", new YamlMappingNode("Name", "cellar", "Namespace", "wine", "Service", "Helm")));
        template.Render(File.ReadAllText(Path.Combine(Folder, "templates", "_helpers.tpl")));
        Notes = template.Render(File.ReadAllText(Path.Combine(Folder, "templates", "NOTES.txt")));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Folder, "templates"), "*.yaml").Order(StringComparer.Ordinal))
        {
            var text = template.Render(File.ReadAllText(file));
            if (text.Trim().Length > 0)
            {
                var made = (YamlMappingNode)Deployed.Parse(text);
                Objects.Add(made["kind"].ToString(), made);
            }
        }

        Read = template.Read;
    }

    /// <summary>What it was rendered with.</summary>
    public YamlMappingNode Values { get; }

    /// <summary>What it makes, by kind.</summary>
    public Dictionary<string, YamlMappingNode> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>What it tells who installed it.</summary>
    public string Notes { get; }

    /// <summary>The values that were read.</summary>
    public IReadOnlySet<string> Read { get; }

    private static void Lay(YamlMappingNode over, YamlMappingNode under)
    {
        foreach (var (name, value) in over.Children)
        {
            if (value is YamlMappingNode inner && under.Children.TryGetValue(name, out var old) && old is YamlMappingNode map)
            {
                Lay(inner, map);
            }
            else
            {
                under.Children[name] = value;
            }
        }
    }
}
