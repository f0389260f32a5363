namespace Sommelier.Routing.Signals;

/// <summary>The form of the answer that is asked for.</summary>
internal sealed class StructuredOutputSignal : ISignal
{
    public string Name => "structured_output";

    public void Read(in SignalInput input, RequestSignals to) => to.ResponseFormat = input.Outline.ResponseFormat;
}
