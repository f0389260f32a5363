using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>Step 2 of a request: reads every signal off its outline. Pure; allocates the sheet and the distribution.</summary>
internal sealed class SignalReader(IIntentReader intents)
{
    /// <summary>Reads the signals.</summary>
    /// <param name="outline">The request as one pass over its bytes saw it.</param>
    /// <param name="hints">What the caller asked of Sommelier, body and headers merged.</param>
    public RequestSignals Read(RequestOutline outline, CallerHints hints)
    {
        var sheet = new RequestSignals();
        var input = new SignalInput(outline, hints, intents);
        foreach (var signal in Signals)
        {
            signal.Read(in input, sheet);
        }

        return sheet;
    }

    private static readonly ISignal[] Signals = [.. SignalRegistry.All];
}
