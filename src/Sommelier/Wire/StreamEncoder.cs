using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>Writes one streamed answer in the caller's dialect.</summary>
/// <remarks>Not thread-safe. Every write is a whole event: what is flushed is always well-formed.</remarks>
public abstract class StreamEncoder
{
    /// <summary>Losses met so far, e.g. <see cref="OpaqueDelta"/>s of another format.</summary>
    public virtual IReadOnlyList<Warning> Warnings => Lost;

    /// <summary>Where encoders note losses.</summary>
    protected List<Warning> Lost { get; } = [];

    /// <summary>Tells that a kind of step is left out: once, however many there are of it. One without a name says nothing that could be lost.</summary>
    protected void Lose(string step, string why = "the caller's wire format has no such step")
    {
        if (step.Length == 0)
        {
            return;
        }

        foreach (var lost in Lost)
        {
            if (lost.Code is "dropped" && string.Equals(lost.Field, step, StringComparison.Ordinal))
            {
                return;
            }
        }

        Lost.Add(new Warning("dropped", step, why));
    }

    /// <summary>Writes a step. <see cref="EndDelta"/> writes the end of the stream.</summary>
    public abstract void Write(ChatDelta delta, IBufferWriter<byte> output);

    /// <summary>Writes the dialect's error event. The stream ends after it, without its end mark.</summary>
    public abstract void WriteError(GatewayError error, IBufferWriter<byte> output);
}
