namespace Sommelier.Routing.Signals;

/// <summary>Tokens up to the end of the last assistant or tool message: what a provider's cache may already hold.</summary>
internal sealed class CacheablePrefixSignal : ISignal
{
    public string Name => "cacheable_prefix";

    public void Read(in SignalInput input, RequestSignals to)
    {
        var outline = input.Outline;

        // The prefix is taken to be written as the whole is: the outline counts its bytes, not its scripts.
        var share = outline.TextBytes <= 0 ? 0 : Math.Clamp((double)outline.CacheableTextBytes / outline.TextBytes, 0, 1);
        to.CacheableTokens = TokenMath.ToInt32((to.InputTokens - to.MediaTokens) * share);
    }
}
