using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads <c>messages</c>; results of tools get a turn of their own.</summary>
internal static class ConverseMessageReader
{
    private const string Format = BedrockConverseFormat.FormatName;

    /// <summary>Reads the member.</summary>
    public static List<Message> Read(JsonFields root)
    {
        var list = root.List("messages") ?? throw FieldError.Missing("messages", "a list of messages, each with 'role' and 'content'");
        var messages = new List<Message>();
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            Message(JsonFields.Of(item, $"messages[{index++}]"), messages);
        }

        return messages.Count > 0 ? messages : throw FieldError.OutOfRange("messages", "a list with at least one message");
    }

    private static void Message(JsonFields message, List<Message> messages)
    {
        var role = message.RequiredText("role", "user or assistant") switch
        {
            "user" => Role.User,
            "assistant" => Role.Assistant,
            "system" => Role.System,
            var other => throw FieldError.Unknown(message.At("role"), other, "user, assistant"),
        };
        var said = new List<ContentPart>();
        var results = new List<ContentPart>();
        var index = 0;
        foreach (var item in (message.List("content") ?? throw FieldError.Missing(message.At("content"), "a list of content blocks")).EnumerateArray())
        {
            var block = JsonFields.Item(item, message, "content", index++);
            if (role == Role.Assistant)
            {
                ConverseBlockReader.ReadAnswer(block, said);
                continue;
            }

            ConverseBlockReader.Read(block, said, out var result);
            if (result is not null)
            {
                results.Add(result);
            }
        }

        var extra = message.Unknown(Format, ["role", "content"]);
        if (results.Count > 0)
        {
            messages.Add(new Message(Role.Tool, results, Extra: said.Count == 0 ? extra : null) { Place = message.Place });
        }

        if (said.Count > 0 || results.Count == 0)
        {
            messages.Add(new Message(role, said, Extra: extra) { Place = message.Place });
        }
    }
}
