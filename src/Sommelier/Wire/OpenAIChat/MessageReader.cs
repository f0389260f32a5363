using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads the conversation.</summary>
internal static class MessageReader
{
    /// <summary>The instructions at the start, and what follows them.</summary>
    public static (IReadOnlyList<ContentPart> System, IReadOnlyList<Message> Messages) ReadAll(JsonFields request)
    {
        var list = request.List("messages") ?? throw FieldError.Missing("messages", "a list of at least one message");
        var system = new List<ContentPart>();
        var messages = new List<Message>(list.GetArrayLength());
        var last = default(Message);
        string? legacyCall = null;
        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            var message = Read(JsonFields.Of(element, $"messages[{index++}]"), ref legacyCall);
            if (message is { Role: Role.System, Name: null, Extra: null } && messages.Count == 0)
            {
                last = message;
                system.AddRange(message.Parts);
            }
            else
            {
                messages.Add(message);
            }
        }

        if (messages.Count > 0)
        {
            return (system, messages);
        }

        if (last is null)
        {
            throw WireException.Invalid("messages", "'messages' is empty. Send at least one message.");
        }

        // Instructions alone: the last of them is what is asked.
        system.RemoveRange(system.Count - last.Parts.Count, last.Parts.Count);
        return (system, [last]);
    }

    private static Message Read(JsonFields message, ref string? legacyCall)
    {
        var role = message.RequiredText("role", $"one of: {OpenAIWords.Roles}");
        return role switch
        {
            "system" or "developer" => Plain(message, Role.System),
            "user" => Plain(message, Role.User),
            "assistant" => AssistantReader.Read(message, ref legacyCall),
            "tool" => ToolResult(message, message.RequiredText("tool_call_id", "the id of the call that this answers"), message.Text("name")),
            "function" => ToolResult(message, legacyCall ?? message.RequiredText("name", "the function's name"), message.Text("name")),
            _ => throw FieldError.Unknown(message.At("role"), role, OpenAIWords.Roles),
        };
    }

    private static Message Plain(JsonFields message, Role role) => new(
        role, Content(message), message.Text("name"), message.Unknown(OpenAIChatFormat.FormatName, ["role", "content", "name"])) { Place = message.Place };

    private static Message ToolResult(JsonFields message, string id, string? name)
    {
        var extra = message.Unknown(OpenAIChatFormat.FormatName, ["role", "content", "tool_call_id", "name"]);
        return new Message(Role.Tool, [new ToolCallResponsePart(id, Content(message), false, extra).Placed(message.Place)], name) { Place = message.Place };
    }

    private static IReadOnlyList<ContentPart> Content(JsonFields message) => message.TryGet("content", out _)
        ? PartReader.ReadAll(message, "content")
        : throw FieldError.Missing(message.At("content"), "a string or a list of parts");
}
