using System.Runtime.InteropServices;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>Whether a tool loop turns on the spot: how often it has made its last calls before.</summary>
internal static class Stalls
{
    /// <summary>The most times that one of the last calls was made since the asker's last turn, with the same arguments to the letter; 0 without calls.</summary>
    public static int Count(ChatRequest request)
    {
        var calls = new Dictionary<(string Name, string Arguments), int>();
        var most = 0;
        for (var i = LoopStart(request.Messages); i < request.Messages.Count; i++)
        {
            if (request.Messages[i].Role != Role.Assistant)
            {
                continue;
            }

            var inTurn = 0;
            foreach (var part in request.Messages[i].Parts)
            {
                if (part is ToolCallPart call)
                {
                    ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(calls, (call.Name, call.Arguments.Trim()), out _);
                    inTurn = Math.Max(inTurn, ++count);
                }
            }

            // A turn without calls says nothing of the loop.
            most = inTurn > 0 ? inTurn : most;
        }

        return most;
    }

    private static int LoopStart(IReadOnlyList<Message> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == Role.User && messages[i].Parts.Any(static part => part is not ToolCallResponsePart))
            {
                return i + 1;
            }
        }

        return 0;
    }
}
