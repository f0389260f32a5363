namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>server.admin</c>.</summary>
internal static class AdminKeys
{
    /// <summary>The roles of administrators, the largest first.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["admin", "editor", "viewer"];

    public static KeySpec Admin { get; } = KeySpec.Group(
        "admin",
        "Who opens /admin besides the keys that were made for it",
        KeySpec.Group(
            "oidc",
            "Bearer tokens of an OpenID Connect issuer: JWTs signed with RS256 or ES256",
            KeySpec.Of(KeyKind.Url, "authority", "The issuer, as its tokens name it; https, unless it is on this machine") with { Required = true },
            KeySpec.Text("audience", "What its tokens must be made for") with { Required = true },
            KeySpec.Text("role_claim", "The claim that holds the roles; with dots for claims inside claims") with { Default = "role" },
            KeySpec.Map("roles", "Which of the claim's values open what; of several the largest counts", KeySpec.List("ROLE", "Values of the claim"), Roles) with { Required = true }));
}
