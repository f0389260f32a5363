using System.Net;
using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Rules;

/// <summary>What the keys of <c>server</c> must be together.</summary>
internal static class ServerRules
{
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        if (root.Group("server") is not { } server)
        {
            return;
        }

        var keyed = server.List("keys") is { Count: > 0 };
        foreach (var url in server.List("urls") ?? [])
        {
            var uri = (Uri)url.Value;
            if (!keyed && !IsLoopback(uri))
            {
                problems.Add(new(url.Position, url.Path, $"'{uri.OriginalString}' is reachable from other machines, and there are no caller keys", "Add server.keys, or listen on 127.0.0.1"));
            }

            if (uri.AbsolutePath is not "/" || uri.Query.Length > 0)
            {
                problems.Add(new(url.Position, url.Path, "an address to listen on has no path", $"Write {uri.GetLeftPart(UriPartial.Authority)}"));
            }

            if (uri.Scheme is "https" && server.Group("tls") is null)
            {
                problems.Add(new(url.Position, url.Path, "https needs a certificate", "Add server.tls.certificate"));
            }
        }

        CheckIssuer(server.Group("admin")?.Group("oidc"), problems);
        CheckKeptAnswers(server.Group("responses"), problems);
        foreach (var origin in server.Group("cors")?.List("origins") ?? [])
        {
            var text = (string)origin.Value;
            if (text is not "*" && (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.Ordinal)))
            {
                problems.Add(new(origin.Position, origin.Path, "an origin is scheme, host and port, without a slash at the end", "Write it like https://app.example, or \"*\""));
            }
        }
    }

    // Whoever can change what the issuer says of its keys can make an administrator.
    private static void CheckIssuer(ConfigGroup? oidc, List<ConfigProblem> problems)
    {
        if (oidc?["authority"] is { Value: Uri authority } at && authority.Scheme is "http" && !IsLoopback(authority))
        {
            problems.Add(new(at.Position, at.Path, "the issuer's keys would be fetched without encryption", "Write https"));
        }

        if (oidc?["roles"] is { Value: ConfigGroup { Values.Count: 0 } } roles)
        {
            problems.Add(new(roles.Position, roles.Path, "no value of the claim opens anything", "Name some under admin, editor or viewer"));
        }
    }

    private static void CheckKeptAnswers(ConfigGroup? responses, List<ConfigProblem> problems)
    {
        if (responses?["path"] is { } path && responses.Choice("store", ["file"]) is not 0)
        {
            problems.Add(new(path.Position, path.Path, "answers are not kept in a file, so this path says nothing", "Add store: file, or leave it out"));
        }
    }

    /// <summary>Whether only this machine can reach an address.</summary>
    public static bool IsLoopback(Uri uri) =>
        string.Equals(uri.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
