namespace Sommelier.Routing.Signals;

/// <summary>The conversation's shape: how many turns, whether the caller began the answer, how it is to be sent.</summary>
internal sealed class ConversationShapeSignal : ISignal
{
    public string Name => "conversation_shape";

    public void Read(in SignalInput input, RequestSignals to)
    {
        to.Operation = input.Outline.Operation;
        to.MessageCount = input.Outline.MessageCount;
        to.Prefill = input.Outline.Prefill;
        to.Stream = input.Outline.Stream;
        to.Choices = Math.Max(1, input.Outline.Choices);
        to.MaxOutputTokens = input.Outline.MaxOutputTokens;
    }
}
