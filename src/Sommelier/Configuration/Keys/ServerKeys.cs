namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>server</c>.</summary>
internal static class ServerKeys
{
    public static KeySpec Server { get; } = KeySpec.Group(
        "server",
        "Where the gateway listens, and what it lets in",
        KeySpec.List("urls", "Addresses to listen on; off loopback only with caller keys", KeySpec.Of(KeyKind.Url, "url", "An address to listen on")) with { Default = ServerConfig.DefaultUrl },
        KeySpec.Text("data", "The folder of the gateway's own files; relative to the working folder") with { Default = ServerConfig.DefaultData },
        KeySpec.List("keys", "Keys that callers may use; none: loopback only, and any key is accepted", KeySpec.Of(KeyKind.Secret, "key", "A caller's key")),
        KeySpec.Group(
            "limits",
            "What a request may weigh",
            KeySpec.Of(KeyKind.Size, "max_body_bytes", "The largest body", "32MB", min: 1024, max: 1_073_741_824),
            KeySpec.Of(KeyKind.Integer, "max_headers", "The most header fields", "100", min: 1, max: 10_000),
            KeySpec.Of(KeyKind.Size, "max_header_bytes", "All header fields together", "32KiB", min: 1024, max: 1_048_576),
            KeySpec.Of(KeyKind.Integer, "max_json_depth", "The deepest nesting of a JSON body", "64", min: 8, max: 64),
            KeySpec.Of(KeyKind.Duration, "request_timeout", "How long a caller may take to send the headers, and then the body", "2m", min: 1, max: 86_400)),
        KeySpec.Group(
            "responses",
            "Answers kept for callers of /v1/responses who continue them by their ids",
            KeySpec.Choice("store", "Where: nowhere (continuing is refused), in memory, in a file, or in storage.postgres for all instances", "off", "memory", "file", "shared") with { Default = "shared with storage.postgres, else memory" },
            KeySpec.Text("path", "The file") with { Default = "responses.db in server.data" },
            KeySpec.Of(KeyKind.Duration, "retention", "How long each is kept", "30d", min: 60, max: 315_360_000),
            KeySpec.Of(KeyKind.Size, "max_bytes", "The most that all may weigh; the oldest go first", "64MiB", min: 1_048_576, max: 1_099_511_627_776)),
        KeySpec.Group(
            "cache",
            "Answers stored in memory, and in storage.redis for all instances, for policies and callers that take them; the policy's cache says which",
            KeySpec.Of(KeyKind.Size, "max_bytes", "The most that all may weigh, in memory and again in Redis; those not used for longest go first, in Redis those that end soonest", "64MiB", min: 65_536, max: 1_099_511_627_776)),
        AdminKeys.Admin,
        KeySpec.Group(
            "cors",
            "Which web pages may call from a browser; none by default",
            KeySpec.List("origins", "Origins that may call, e.g. https://app.example; \"*\" for any") with { Required = true },
            KeySpec.Of(KeyKind.Duration, "max_age", "How long a browser may remember the permission", "10m", min: 0, max: 86_400)),
        KeySpec.Group(
            "tls",
            "The certificate of https addresses",
            KeySpec.Text("certificate", "A PEM file, or a PFX file when no key is given") with { Required = true },
            KeySpec.Text("key", "The PEM file of the private key"),
            KeySpec.Of(KeyKind.Secret, "password", "The password of the key or of the PFX file")));
}
