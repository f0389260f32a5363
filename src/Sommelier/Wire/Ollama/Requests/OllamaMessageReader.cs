using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Ollama;

/// <summary>Reads messages, or the prompt of a completion as one.</summary>
internal static class OllamaMessageReader
{
    private static readonly string[] Known = ["role", "content", "images", "thinking", "tool_calls", "tool_name", "tool_call_id"];

    /// <summary>Reads <c>messages</c>; system messages at the beginning stand apart.</summary>
    public static List<Message> Chat(JsonFields root, List<ContentPart> system, OllamaShape shape)
    {
        var messages = new List<Message>();
        var ids = new CallIds();
        var index = 0;
        foreach (var item in (root.List("messages") ?? throw FieldError.Missing("messages", "a list of messages")).EnumerateArray())
        {
            var message = JsonFields.Of(item, $"messages[{index++}]");
            var read = Read(message, ids, shape);
            if (read.Role == Role.System && messages.Count == 0 && read.Extra is null)
            {
                system.AddRange(read.Parts);
            }
            else
            {
                messages.Add(read);
            }
        }

        return messages;
    }

    /// <summary>Reads <c>prompt</c> and <c>system</c>.</summary>
    public static List<Message> Prompt(JsonFields root, List<ContentPart> system)
    {
        if (root.Text("system") is { Length: > 0 } instructions)
        {
            system.Add(new TextPart(instructions));
        }

        var parts = new List<ContentPart> { new TextPart(root.RequiredText("prompt", "the text to go on from")) };
        Images(root, parts);
        return [new Message(Role.User, parts)];
    }

    /// <summary>Adds what a message of a model says to some parts: thinking, text, calls.</summary>
    public static void Said(JsonFields message, Func<string, string> makeId, OllamaShape shape, List<ContentPart> parts)
    {
        if (message.Text("thinking") is { Length: > 0 } thinking)
        {
            parts.Add(new ReasoningPart(thinking) { Place = new(message.Path, "thinking") });
        }

        if (message.Text("content") is { Length: > 0 } text)
        {
            parts.Add(new TextPart(text) { Place = new(message.Path, "content") });
        }

        Images(message, parts);
        var index = 0;
        foreach (var item in message.List("tool_calls")?.EnumerateArray() ?? default)
        {
            var call = JsonFields.Item(item, message, "tool_calls", index++);
            parts.Add(Call(call, makeId, shape).Placed(call.Place));
        }
    }

    private static Message Read(JsonFields message, CallIds ids, OllamaShape shape)
    {
        var extra = message.Unknown(shape.Format(), Known);
        var role = message.RequiredText("role", "system, user, assistant or tool") switch
        {
            "system" => Role.System,
            "user" => Role.User,
            "assistant" => Role.Assistant,
            "tool" => Role.Tool,
            var other => throw FieldError.Unknown(message.At("role"), other, "system, user, assistant, tool"),
        };
        var parts = new List<ContentPart>();
        if (role != Role.Tool)
        {
            Said(message, ids.Called, shape, parts);
            return new Message(role, parts, Extra: extra) { Place = message.Place };
        }

        if (message.Text("content") is { Length: > 0 } text)
        {
            parts.Add(new TextPart(text));
        }

        Images(message, parts);
        var id = ids.Answered(message.Text("tool_call_id") ?? "", message.Text("tool_name"));
        return new Message(Role.Tool, [new ToolCallResponsePart(id, parts, Extra: extra).Placed(message.Place)]) { Place = message.Place };
    }

    private static ToolCallPart Call(JsonFields call, Func<string, string> makeId, OllamaShape shape)
    {
        var function = call.Object("function") ?? throw FieldError.Missing(call.At("function"), "an object with name and arguments");
        var name = function.RequiredText("name", "the function's name");
        var arguments = !function.TryGet("arguments", out var value) ? "{}"
            : value.ValueKind == JsonValueKind.Object ? value.GetRawText()
            : JsonFields.Text(value, function.At("arguments"));
        var given = call.Text("id") is { Length: > 0 } sent ? sent : null;
        return new ToolCallPart(makeId(given is null ? name : $"{given}\n{name}"), name, arguments, Extra(call, function, shape)) { IsIdMadeUp = given is null };
    }

    // The index says only where the call stands.
    private static Extra? Extra(JsonFields call, JsonFields function, OllamaShape shape) => Extras.Join(
        call.Unknown(shape.Format(), ["id", "function", "type"]), Extras.Within(ToolReader.Inner, function.Unknown(shape.Format(), ["name", "arguments", "index"])));

    private static void Images(JsonFields owner, List<ContentPart> parts)
    {
        var index = 0;
        foreach (var image in owner.List("images")?.EnumerateArray() ?? default)
        {
            // Clients of other dialects' habits send a data: URL where base64 alone belongs.
            var (type, data) = DataUrl.TryParse(image, owner.At("images"), out var named, out var inner) ? (named, inner) : ("", BlobReader.Of(image, owner.At("images")));
            parts.Add(new BlobPart(type.Length > 0 ? type : OllamaWords.Picture(data.Base64.Span), data) { Place = new(owner.Path, "images", index++) });
        }
    }
}
