using YamlDotNet.RepresentationModel;

namespace Sommelier.TestKit.Recordings;

/// <summary>A recorded exchange: a request and its response, in YAML.</summary>
public static class Cassette
{
    /// <summary>The body of the first <c>request</c> or <c>response</c> of a file.</summary>
    public static string Body(string path, string side)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(path);
        yaml.Load(reader);
        return ((YamlScalarNode)yaml.Documents[0].RootNode["interactions"][0][side]["body"]).Value!;
    }
}
