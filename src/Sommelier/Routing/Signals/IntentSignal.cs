using Sommelier.Canonical;

namespace Sommelier.Routing.Signals;

/// <summary>What kind of work is asked for, as a distribution, with the right not to know.</summary>
internal sealed class IntentSignal : ISignal
{
    public string Name => "intent";

    public void Read(in SignalInput input, RequestSignals to)
    {
        if (input.Outline.Operation != Operation.Chat)
        {
            return;
        }

        var distribution = new float[Intents.Count];
        var reading = input.Intents.Read(input.Outline, distribution);
        to.Intent = reading.Top;
        to.Group = reading.Group;
        to.Confidence = reading.Confidence;
        to.GroupConfidence = reading.GroupConfidence;
        to.Abstained = reading.Abstained;
        to.Distribution = distribution;
    }
}
