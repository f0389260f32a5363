using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>
/// The text that was streamed, message by message, to be held against the state in which the run ends: a graph may write a message
/// anew under its id, or take it out (LangGraph's <c>add_messages</c>, <c>RemoveMessage</c>).
/// </summary>
internal sealed class LangGraphSaid
{
    private readonly Dictionary<string, StringBuilder> texts = new(StringComparer.Ordinal);

    // Messages that once stood as the whole answer. What else is missing at the end was a step, and never meant to stay.
    private readonly HashSet<string> answers = new(StringComparer.Ordinal);
    private StringBuilder? last;

    /// <summary>Takes a piece of a message. True for its first one.</summary>
    public bool Add(string id, string text)
    {
        var first = !texts.TryGetValue(id, out var known);
        if (first)
        {
            texts[id] = known = new();
        }

        last = known;
        known!.Append(text);
        return first;
    }

    /// <summary>Whether something of a message was said.</summary>
    public bool Has(string id) => texts.ContainsKey(id);

    /// <summary>Whether a message's text is what was said last.</summary>
    public bool IsLast(string id) => last is not null && texts.TryGetValue(id, out var text) && ReferenceEquals(text, last);

    /// <summary>Takes the answer of a state. A vendor's final message may go by another id than its pieces.</summary>
    public void Stands(LangGraphMessage answer)
    {
        if (answer.Id.Length == 0)
        {
            return;
        }

        if (!texts.ContainsKey(answer.Id) && last is { Length: > 0 } && last.Equals(answer.Text.AsSpan()))
        {
            texts[answer.Id] = last;
        }

        if (texts.ContainsKey(answer.Id) && answer.Calls().Count == 0)
        {
            answers.Add(answer.Id);
        }
    }

    /// <summary>What of a message's text was not said yet: all of it, the end of it, or nothing; null when something else was said.</summary>
    public string? Rest(LangGraphMessage message)
    {
        var text = message.Text;
        var found = texts.TryGetValue(message.Id, out var known);
        if (message.Id.Length == 0)
        {
            // Messages without ids are told apart by their text alone.
            return found && known!.ToString().EndsWith(text, StringComparison.Ordinal) ? "" : text;
        }

        var said = found ? known!.ToString() : "";
        return text.StartsWith(said, StringComparison.Ordinal) ? text[said.Length..]
            : text.AsSpan().Trim().SequenceEqual(said.AsSpan().Trim()) ? ""
            : null;
    }

    /// <summary>Whether the graph took back something that was said: the state has another text for it, or has it no more.</summary>
    /// <remarks>
    /// A message that stood as the answer and is gone counts though another one stands now: both are in the text that the caller has,
    /// and nothing tells notes that are cleared away from words that a guardrail strikes and writes anew.
    /// </remarks>
    public bool IsWithdrawn(JsonElement state)
    {
        var gone = answers.Count;
        foreach (var item in state.Get("messages").EnumerateArray())
        {
            var message = new LangGraphMessage(item);
            if (!texts.ContainsKey(message.Id))
            {
                continue;
            }

            gone -= answers.Contains(message.Id) ? 1 : 0;
            if (Rest(message) is null)
            {
                return true;
            }
        }

        return gone > 0;
    }
}
