using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// Brings a conversation of any origin into the form that the Messages API demands: one message per turn, the answers to
/// tool calls in one message right after the calls, no call without an answer and no answer without a call.
/// </summary>
internal static class AnthropicConversation
{
    /// <summary>Arranges a request's messages.</summary>
    /// <param name="request">The request.</param>
    /// <param name="system">Takes the system instructions, those from inside the conversation included.</param>
    /// <param name="warnings">Takes what was changed.</param>
    /// <param name="isOwn">Whether it comes from the target's own dialect, and is the target's to judge.</param>
    public static List<AnthropicTurn> Arrange(ChatRequest request, List<ContentPart> system, ICollection<Warning> warnings, bool isOwn)
    {
        system.AddRange(request.SystemInstructions);
        var turns = Merge(request.Messages, isOwn, system, warnings);
        Pair(turns, warnings);
        turns.RemoveAll(static turn => turn.Results.Count == 0 && turn.Parts.Count == 0);
        Join(turns);
        if (!isOwn && turns.Count > 0 && turns[0].Role == Role.Assistant)
        {
            var opening = new AnthropicTurn(Role.User);
            opening.Parts.Add(new TextPart("(The conversation begins.)"));
            turns.Insert(0, opening);
            warnings.Add(new Warning("emulated", "messages", "the first message must be the user's; an opening was added"));
        }

        if (!isOwn)
        {
            TrimEnd(turns);
        }

        return turns;
    }

    private static List<AnthropicTurn> Merge(
        IReadOnlyList<Message> messages, bool isOwn, List<ContentPart> system, ICollection<Warning> warnings)
    {
        var turns = new List<AnthropicTurn>(messages.Count);
        var lifted = false;
        foreach (var message in messages)
        {
            SpeakerName.Warn(message, warnings);
            if (message.Role == Role.System && !isOwn)
            {
                Lift(message, system, warnings);
                lifted = true;
                continue;
            }

            var role = message.Role == Role.Tool ? Role.User : message.Role;
            if (turns.Count == 0 || turns[^1].Role != role)
            {
                turns.Add(new AnthropicTurn(role, message.Place));
            }

            Add(message, turns[^1]);
        }

        if (lifted)
        {
            warnings.Add(new Warning("emulated", "messages", "system messages inside the conversation were moved before it"));
        }

        return turns;
    }

    // Where an empty turn was left out, its neighbours are of one role; results come only after calls, and so never in the second.
    private static void Join(List<AnthropicTurn> turns)
    {
        for (var i = turns.Count - 1; i > 0; i--)
        {
            if (turns[i].Role == turns[i - 1].Role && turns[i].Results.Count == 0)
            {
                turns[i - 1].Parts.AddRange(turns[i].Parts);
                turns[i - 1].Extra.AddRange(turns[i].Extra);
                turns.RemoveAt(i);
            }
        }
    }

    private static void Lift(Message message, List<ContentPart> system, ICollection<Warning> warnings)
    {
        system.AddRange(message.Parts);
        Extras.Warn(message.Extra, message.Place.Or("messages"), warnings);
    }

    private static void Add(Message message, AnthropicTurn turn)
    {
        if (message.Extra is not null)
        {
            turn.Extra.Add((message.Extra, message.Place.Or("messages")));
        }

        foreach (var part in message.Parts)
        {
            if (part is ToolCallResponsePart result && turn.Role == Role.User)
            {
                turn.Results.Add(result);
                turn.SaidBefore.Add(turn.Parts.Count);
            }
            else if (part is not TextPart { Text.Length: 0 })
            {
                turn.Parts.Add(part);
            }
        }
    }

    private static void Pair(List<AnthropicTurn> turns, ICollection<Warning> warnings)
    {
        var calls = new PairedCalls(warnings);
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].Role == Role.User)
            {
                Answer(turns[i], calls);
            }
            else if (turns[i].Role == Role.Assistant)
            {
                calls.Call(turns[i].Parts);
                if (calls.Waits && (i + 1 == turns.Count || turns[i + 1].Role != Role.User))
                {
                    turns.Insert(i + 1, new AnthropicTurn(Role.User));
                }
            }
        }
    }

    // An answer whose call is not in the turn before it would be refused: what it says is kept as text, in its place.
    private static void Answer(AnthropicTurn turn, PairedCalls calls)
    {
        var results = new List<ToolCallResponsePart>(turn.Results.Count);
        var moved = 0;
        for (var i = 0; i < turn.Results.Count; i++)
        {
            if (calls.Result(turn.Results[i]) is { } result)
            {
                results.Add(result);
                continue;
            }

            var before = turn.Parts.Count;
            turn.Parts.InsertRange(turn.SaidBefore[i] + moved, calls.InWords(turn.Results[i]));
            moved += turn.Parts.Count - before;
        }

        turn.Results.Clear();
        turn.Results.AddRange(results);
        turn.Results.AddRange(calls.Missing());
    }

    // The API refuses a last assistant message that ends with white space.
    private static void TrimEnd(List<AnthropicTurn> turns)
    {
        if (turns.Count == 0 || turns[^1].Role != Role.Assistant || turns[^1].Parts is not [.., TextPart last])
        {
            return;
        }

        var trimmed = last.Text.TrimEnd();
        turns[^1].Parts.RemoveAt(turns[^1].Parts.Count - 1);
        if (trimmed.Length > 0)
        {
            turns[^1].Parts.Add(last with { Text = trimmed });
        }
    }
}
