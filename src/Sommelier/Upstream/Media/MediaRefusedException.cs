namespace Sommelier.Upstream.Media;

/// <summary>Media that is not fetched, with a reason that may be shown to the caller: it tells nothing about the own network.</summary>
internal sealed class MediaRefusedException(string reason) : Exception(reason)
{
    /// <summary>Whether it would be had at another time: there is no room for it now.</summary>
    public bool IsBusy { get; init; }

    /// <summary>
    /// Whether a name is unknown, leads into the own network, or leads to a server that does not answer: one and the same
    /// sentence, because the difference would be a map.
    /// </summary>
    public static MediaRefusedException Unreachable() => new("no public server answers there");
}
