namespace Sommelier.Routing.Signals;

/// <summary>Tools on offer and in use, and whether this is a step of an agent's loop.</summary>
internal sealed class ToolSignal : ISignal
{
    public string Name => "tools";

    public void Read(in SignalInput input, RequestSignals to)
    {
        to.ToolCount = input.Outline.ToolCount;
        to.ToolsUsed = input.Outline.ToolsUsed;
        to.ToolLoop = input.Outline.LastIsToolResult;
        to.ToolChoice = input.Outline.ToolChoice;
    }
}
