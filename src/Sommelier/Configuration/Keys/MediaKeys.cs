namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>media</c>.</summary>
internal static class MediaKeys
{
    public static KeySpec Media { get; } = KeySpec.Group(
        "media",
        "What is fetched for a model that takes images, sounds and documents only as data when a request names them by address",
        KeySpec.Of(KeyKind.Boolean, "fetch", "Whether anything is fetched; else such media is left out with a warning", "true"),
        KeySpec.Of(KeyKind.Size, "max_bytes", "The largest file", "10MB", min: 1024, max: 104_857_600),
        KeySpec.Of(KeyKind.Size, "max_bytes_in_flight", "All files that are held at a time, of all requests together; a request that finds no room waits up to timeout, then the next candidate is asked", "256MB", min: 1024, max: 1_099_511_627_776),
        KeySpec.Of(KeyKind.Duration, "timeout", "How long one file may take", "10s", min: 0.1m, max: 300),
        KeySpec.List("allow", "Hosts that may lie in the own network and use any port; all others must be public and use 80 or 443", KeySpec.Text("host", "A name or an address, without scheme and port")));
}
