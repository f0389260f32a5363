using Sommelier.Configuration.Reading;
using Sommelier.Upstream.Media;

namespace Sommelier.Configuration.Rules;

/// <summary>What the keys of <c>media</c> must be.</summary>
internal static class MediaRules
{
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        var media = root.Group("media");
        if (media?["max_bytes_in_flight"] is { Value: long all } given && all < (media.Size("max_bytes") ?? MediaOptions.Default.MaxBytes))
        {
            problems.Add(new(given.Position, given.Path, "the largest file would find no room", "Make it as large as max_bytes at least, better several times as large"));
        }

        foreach (var host in media?.List("allow") ?? [])
        {
            // A host that can never match would look like a permission and be none.
            if (Uri.CheckHostName(((string)host.Value).Trim('[', ']')) == UriHostNameType.Unknown)
            {
                problems.Add(new(host.Position, host.Path, $"'{host.Value}' is not the name or address of a host", "Write it without scheme, port and path, e.g. files.example.com"));
            }
        }
    }
}
