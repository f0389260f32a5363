namespace Sommelier.Upstream.Media;

/// <summary>What may be fetched on behalf of a caller whose model's host fetches nothing itself.</summary>
internal sealed record MediaOptions
{
    /// <summary>The usual limits.</summary>
    public static MediaOptions Default { get; } = new();

    /// <summary>Whether anything is fetched; else such media is left out with a warning. Default true.</summary>
    public bool Fetch { get; init; } = true;

    /// <summary>The largest file, in bytes. Default 10 MB.</summary>
    public int MaxBytes { get; init; } = 10_000_000;

    /// <summary>All files of a call together, in bytes: what is sent on must not outgrow what a caller may send. Default 24 MB, as many as the base64 in a body of 32 MB holds.</summary>
    public long MaxCallBytes { get; init; } = 24_000_000;

    /// <summary>All files that the process holds, of all calls together, in bytes: who finds no room waits. Default 256 MB.</summary>
    public long MaxBytesInFlight { get; init; } = 256_000_000;

    /// <summary>How long one file may take, redirects and waiting for room included. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Hosts that may lie in the own network and use any port; names or addresses. Default none.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Whether a host is among <see cref="Allow"/>.</summary>
    /// <param name="host">As <see cref="Uri.IdnHost"/> says it: an IPv6 address without brackets.</param>
    public bool Allows(string host)
    {
        foreach (var allowed in Allow)
        {
            if (string.Equals(allowed.Trim('[', ']'), host, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
