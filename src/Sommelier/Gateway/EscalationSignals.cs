using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Routing.Classification;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>Reads what only policies with <c>escalate</c> ask of a request: whether it asks again, and whether its tool loop has stalled.</summary>
internal static class EscalationSignals
{
    /// <summary>Adds to the signals of a request; does nothing where no policy asks.</summary>
    public static void Read(PolicySet policies, IWireFormat format, CallPath path, ReadOnlyMemory<byte> body, RequestOutline outline, RequestSignals signals)
    {
        if (signals.Operation != Operation.Chat)
        {
            return;
        }

        // Every step of a tool loop has the turn that began it as its last: it was moved up then.
        if (policies.AsksForRepeats && !signals.ToolLoop)
        {
            signals.Repeated = Complaints.Is(outline.Tail);
        }

        if (policies.AsksForStalls && signals.ToolLoop)
        {
            try
            {
                signals.Stalled = Stalls.Count(format.Requests.Read(body, path));
            }
            catch (WireException)
            {
                // What is passed on as it is need not be readable to its end here.
            }
        }
    }
}
