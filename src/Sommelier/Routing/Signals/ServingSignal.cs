namespace Sommelier.Routing.Signals;

/// <summary>How and where the caller asks to be served, which may have a price of its own.</summary>
internal sealed class ServingSignal : ISignal
{
    public string Name => "service_tier";

    public void Read(in SignalInput input, RequestSignals to)
    {
        to.ServiceTier = input.Outline.ServiceTier;
        to.InferenceGeo = input.Outline.InferenceGeo;
    }
}
