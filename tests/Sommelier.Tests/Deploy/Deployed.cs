using Sommelier.Configuration;
using YamlDotNet.RepresentationModel;

namespace Sommelier.Tests.Deploy;

/// <summary>Reads the files of <c>deploy</c>.</summary>
internal static class Deployed
{
    /// <summary>The text of a file of <c>deploy</c>.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, "deploy", file));

    /// <summary>The one document of a YAML text.</summary>
    public static YamlNode Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Assert.Single(stream.Documents).RootNode;
    }

    /// <summary>A node by its path: names of members and numbers of items.</summary>
    public static YamlNode At(this YamlNode node, string path)
    {
        foreach (var name in path.Split('/'))
        {
            node = node is YamlSequenceNode list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : node[name];
        }

        return node;
    }

    /// <summary>The items of a list as text.</summary>
    public static IEnumerable<string> Items(this YamlNode list) => ((YamlSequenceNode)list).Select(item => item.ToString());

    /// <summary>The configuration of a text that must have no problem.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="variables">What is set in its environment.</param>
    public static void ReadsAsConfiguration(string yaml, IReadOnlyCollection<string> variables)
    {
        var (_, problems) = ConfigReader.Read(yaml, "sommelier.yaml", name => variables.Contains(name) ? name.Contains("POSTGRES", StringComparison.Ordinal) ? "Host=db" : "value" : null);

        Assert.Equal([], problems);
    }
}
