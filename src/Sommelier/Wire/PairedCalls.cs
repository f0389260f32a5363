using Sommelier.Canonical;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire;

/// <summary>
/// Tool calls and their results for targets that refuse a conversation in which one stands without the other: follows it turn by turn.
/// </summary>
/// <remarks>An id that a conversation has used before is replaced, in the call and in its result: clients, and vendors that count anew in every answer, repeat them.</remarks>
/// <param name="warnings">Takes what is changed.</param>
internal sealed class PairedCalls(ICollection<Warning> warnings)
{
    /// <summary>What a call is answered with that the caller left unanswered.</summary>
    public const string NoAnswer = "This tool call was not answered.";

    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly List<(string Given, ToolCallPart Call)> open = [];

    /// <summary>Whether calls wait for their results.</summary>
    public bool Waits => open.Count > 0;

    /// <summary>Takes the calls of an assistant's turn, which the next turn must answer, and puts new ids where they need one.</summary>
    public void Call(List<ContentPart> parts)
    {
        open.Clear();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is ToolCallPart call)
            {
                var sent = Unused(call);
                parts[i] = sent;
                open.Add((call.Id, sent));
            }
        }
    }

    /// <summary>A result under the id that its call is sent with; null where no call of the turn before waits for it.</summary>
    public ToolCallResponsePart? Result(ToolCallResponsePart result)
    {
        var at = open.FindIndex(call => string.Equals(call.Given, result.Id, StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        var id = open[at].Call.Id;
        open.RemoveAt(at);
        return string.Equals(id, result.Id, StringComparison.Ordinal) ? result : result with { Id = id };
    }

    /// <summary>What a result says that no call waits for.</summary>
    public IEnumerable<ContentPart> InWords(ToolCallResponsePart result)
    {
        warnings.Add(new Warning("emulated", result.Place.Or("messages").ToString(), $"no call '{result.Id}' stands before its answer; the answer is sent as text"));
        return [new TextPart($"Result of the tool call {result.Id}:") { Place = result.Place }, .. result.Parts];
    }

    /// <summary>Results for the calls that still wait, which then wait no longer.</summary>
    public List<ToolCallResponsePart> Missing()
    {
        var missing = new List<ToolCallResponsePart>(open.Count);
        foreach (var (given, call) in open)
        {
            missing.Add(new ToolCallResponsePart(call.Id, [new TextPart(NoAnswer)], IsError: true));
            warnings.Add(new Warning("emulated", call.Place.Or("tool_calls").ToString(), $"the call '{given}' has no answer; an error was sent as its answer"));
        }

        open.Clear();
        return missing;
    }

    private ToolCallPart Unused(ToolCallPart call)
    {
        if (used.Add(call.Id))
        {
            return call;
        }

        var time = 2;
        string id;
        do
        {
            id = ToolCallIds.MakeUp(call.Id, time++);
        }
        while (!used.Add(id));

        warnings.Add(new Warning("emulated", call.Place.Or("tool_calls").ToString(), $"the id '{call.Id}' is an earlier call's, too; this one and its answer are sent as '{id}'"));
        return call with { Id = id };
    }
}
