using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>What a signal may look at.</summary>
public readonly ref struct SignalInput
{
    internal SignalInput(RequestOutline outline, CallerHints hints, IIntentReader intents)
    {
        Outline = outline;
        Hints = hints;
        Intents = intents;
    }

    /// <summary>The request as one pass over its bytes saw it.</summary>
    public RequestOutline Outline { get; }

    /// <summary>What the caller asked of Sommelier.</summary>
    public CallerHints Hints { get; }

    internal IIntentReader Intents { get; }
}
