using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Rules;

/// <summary>What the keys of <c>media</c> must be.</summary>
internal static class MediaRules
{
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        foreach (var host in root.Group("media")?.List("allow") ?? [])
        {
            // A host that can never match would look like a permission and be none.
            if (Uri.CheckHostName(((string)host.Value).Trim('[', ']')) == UriHostNameType.Unknown)
            {
                problems.Add(new(host.Position, host.Path, $"'{host.Value}' is not the name or address of a host", "Write it without scheme, port and path, e.g. files.example.com"));
            }
        }
    }
}
