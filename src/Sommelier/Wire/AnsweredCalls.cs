using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>
/// A conversation in the order that OpenAI's formats demand: the results of a turn's calls stand right behind it.
/// </summary>
/// <remarks>
/// Others let one turn of the model be told in several messages, one for each piece of a stream as Google's client does, and
/// let the user speak between two results. A turn that calls takes in what the model says right behind it, and a result moves
/// up to the turn whose call waits for it. A result that no call waits for stays where it is.
/// </remarks>
internal static class AnsweredCalls
{
    /// <summary>The messages in that order; the same list where they stand in it.</summary>
    public static IReadOnlyList<Message> Arrange(IReadOnlyList<Message> messages)
    {
        var from = FirstOutOfOrder(messages);
        if (from == messages.Count)
        {
            return messages;
        }

        var arranged = new List<Message>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            if (i < from)
            {
                arranged.Add(messages[i]);
            }
            else
            {
                Add(messages[i], arranged);
            }
        }

        return arranged;
    }

    private static int FirstOutOfOrder(IReadOnlyList<Message> messages)
    {
        var turn = -1;
        for (var i = 0; i < messages.Count; i++)
        {
            switch (messages[i].Role)
            {
                case Role.Assistant when i > 0 && IsAsking(messages[i - 1]):
                    return i;
                case Role.Tool when turn < 0 || !messages[i].Parts.All(part => part is not ToolCallResponsePart result || Asks(messages[turn], result.Id)):
                    return i;
                case not Role.Tool:
                    turn = i;
                    break;
            }
        }

        return messages.Count;
    }

    private static void Add(Message message, List<Message> arranged)
    {
        if (message.Role == Role.Assistant && arranged.Count > 0 && IsAsking(arranged[^1]))
        {
            var turn = arranged[^1];
            arranged[^1] = turn with { Parts = [.. turn.Parts, .. Apart(turn, message)], Extra = Json.Extras.Join(turn.Extra, message.Extra), Name = turn.Name ?? message.Name };
            return;
        }

        if (message.Role != Role.Tool)
        {
            arranged.Add(message);
            return;
        }

        foreach (var part in message.Parts)
        {
            var at = part is ToolCallResponsePart result ? Waiting(arranged, result.Id) : -1;
            arranged.Insert(at < 0 ? arranged.Count : at, message.Parts.Count == 1 ? message : message with { Parts = [part] });
        }
    }

    // What was said in two messages stays apart where the target has one text for both.
    private static IEnumerable<ContentPart> Apart(Message turn, Message message) =>
        message.Parts is [TextPart { Text.Length: > 0 } said, ..] && turn.Parts.Any(static part => part is TextPart { Text.Length: > 0 })
            ? message.Parts.Skip(1).Prepend(said with { Text = "\n\n" + said.Text })
            : message.Parts;

    // Where the result of a call that waits belongs: behind the turn that called last by this id, and the results it has already.
    private static int Waiting(List<Message> arranged, string id)
    {
        for (var i = arranged.Count - 1; i >= 0; i--)
        {
            if (Asks(arranged[i], id))
            {
                var end = i + 1;
                while (end < arranged.Count && arranged[end].Role == Role.Tool)
                {
                    if (arranged[end].Parts.Any(part => part is ToolCallResponsePart result && string.Equals(result.Id, id, StringComparison.Ordinal)))
                    {
                        return -1;
                    }

                    end++;
                }

                return end;
            }
        }

        return -1;
    }

    private static bool IsAsking(Message message) => message.Role == Role.Assistant && message.Parts.Any(static part => part is ToolCallPart);

    private static bool Asks(Message message, string id) =>
        message.Role == Role.Assistant && message.Parts.Any(part => part is ToolCallPart call && string.Equals(call.Id, id, StringComparison.Ordinal));
}
