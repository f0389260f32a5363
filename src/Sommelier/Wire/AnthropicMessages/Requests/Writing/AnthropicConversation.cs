using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// Brings a conversation of any origin into the form that the Messages API demands: one message per turn, the answers to
/// tool calls in one message right after the calls, no call without an answer and no answer without a call.
/// </summary>
internal static class AnthropicConversation
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>What a call is answered with that the caller left unanswered.</summary>
    public const string NoAnswer = "This tool call was not answered.";

    /// <summary>Arranges a request's messages.</summary>
    /// <param name="request">The request.</param>
    /// <param name="system">Takes the system instructions, those from inside the conversation included.</param>
    /// <param name="warnings">Takes what was changed.</param>
    public static List<AnthropicTurn> Arrange(ChatRequest request, List<ContentPart> system, ICollection<Warning> warnings)
    {
        var isOwn = string.Equals(request.Format, Format, StringComparison.Ordinal);
        system.AddRange(request.SystemInstructions);
        var turns = Merge(request.Messages, isOwn, system, warnings);
        Pair(turns, warnings);
        turns.RemoveAll(static turn => turn.Results.Count == 0 && turn.Parts.Count == 0);
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
                system.AddRange(message.Parts);
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
        var calls = new List<string>();
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].Role == Role.User)
            {
                Unpaired(turns[i], calls, warnings);
            }

            if (turns[i].Role != Role.Assistant)
            {
                continue;
            }

            calls.Clear();
            foreach (var part in turns[i].Parts)
            {
                if (part is ToolCallPart call)
                {
                    calls.Add(call.Id);
                }
            }

            if (calls.Count > 0)
            {
                Answer(turns, i, calls, warnings);
            }
        }
    }

    // An answer whose call is not in the turn before it would be refused: what it says is kept as text, in its place.
    private static void Unpaired(AnthropicTurn turn, List<string> calls, ICollection<Warning> warnings)
    {
        for (var i = turn.Results.Count - 1; i >= 0; i--)
        {
            var result = turn.Results[i];
            if (calls.Contains(result.Id, StringComparer.Ordinal))
            {
                continue;
            }

            turn.Results.RemoveAt(i);
            turn.Parts.InsertRange(turn.SaidBefore[i], [new TextPart($"Result of the tool call {result.Id}:") { Place = result.Place }, .. result.Parts]);
            warnings.Add(new Warning("emulated", result.Place.Or("messages").ToString(), $"no call '{result.Id}' stands before its answer; the answer is sent as text"));
        }

        calls.Clear();
    }

    private static void Answer(List<AnthropicTurn> turns, int at, List<string> calls, ICollection<Warning> warnings)
    {
        if (at + 1 == turns.Count || turns[at + 1].Role != Role.User)
        {
            turns.Insert(at + 1, new AnthropicTurn(Role.User));
        }

        var answers = turns[at + 1].Results;
        foreach (var id in calls)
        {
            if (!answers.Exists(answer => string.Equals(answer.Id, id, StringComparison.Ordinal)))
            {
                answers.Add(new ToolCallResponsePart(id, [new TextPart(NoAnswer)], IsError: true));
                warnings.Add(new Warning("emulated", "tool_calls", $"the call '{id}' has no answer; an error was sent as its answer"));
            }
        }
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
