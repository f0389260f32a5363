using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads a whole request.</summary>
internal static class AnthropicRequestReader
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Reads a body.</summary>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonBody.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        var stream = root.Bool("stream") ?? false;
        var tools = AnthropicToolReader.Tools(root);
        var extra = AnthropicExtraFields.Collect(root);
        return new ChatRequest
        {
            OriginalModel = root.RequiredText("model", "a model's name, or 'auto'"),
            Format = Format,
            SystemInstructions = root.TryGet("system", out var system) ? AnthropicContentReader.Read(system, "system") : [],
            Messages = Messages(root),
            MaxOutputTokens = root.Int("max_tokens"),
            Stream = stream,
            StreamUsage = stream,
            Sampling = Sampling(root),
            Tools = tools,
            ToolChoice = AnthropicToolReader.Choice(root, out var parallel),
            ParallelToolCalls = parallel,
            ResponseFormat = ResponseFormat(root),
            Reasoning = AnthropicReasoning.Read(root),
            EndUser = root.Object("metadata")?.Text("user_id"),
            Extra = extra,
        };
    }

    private static Sampling Sampling(JsonFields root) => new()
    {
        Temperature = root.Number("temperature"),
        TopP = root.Number("top_p"),
        TopK = root.Int("top_k"),
        Stop = Stops(root),
    };

    private static List<string> Stops(JsonFields root)
    {
        var stops = new List<string>();
        if (root.List("stop_sequences") is { } list)
        {
            foreach (var stop in list.EnumerateArray())
            {
                stops.Add(JsonFields.Text(stop, $"stop_sequences.{stops.Count}"));
            }
        }

        return stops;
    }

    private static ResponseFormat? ResponseFormat(JsonFields root)
    {
        var format = root.Object("output_config")?.Object("format") ?? root.Object("output_format");
        return format is { } found && found.Text("type") is "json_schema" && found.Raw("schema") is { } schema
            ? new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: schema)
            : null;
    }

    private static List<Message> Messages(JsonFields root)
    {
        var list = root.List("messages") ?? throw FieldError.Missing("messages", "a list of messages, each with 'role' and 'content'");
        var messages = new List<Message>(list.GetArrayLength());
        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            Add(JsonFields.Of(element, $"messages[{index++}]"), messages);
        }

        return messages.Count > 0
            ? messages
            : throw WireException.Invalid("messages", "messages: at least one message is required.");
    }

    private static void Add(JsonFields message, List<Message> messages)
    {
        var role = message.RequiredText("role", "'user' or 'assistant'");
        if (!message.TryGet("content", out var content))
        {
            throw FieldError.Missing(message.At("content"), "a string or a list of content blocks");
        }

        var parts = AnthropicContentReader.Read(content, message.At("content"));
        var extra = message.Unknown(Format, ["role", "content"]);
        switch (role)
        {
            case "assistant":
                messages.Add(new Message(Role.Assistant, parts, Extra: extra) { Place = message.Place });
                break;
            case "system":
                messages.Add(new Message(Role.System, parts, Extra: extra) { Place = message.Place });
                break;
            case "user":
                Split(parts, extra, message.Place, messages);
                break;
            default:
                throw FieldError.Unknown(message.At("role"), role, "user, assistant, system");
        }
    }

    // Tool results stand in the user's message here and in messages of their own with us.
    private static void Split(List<ContentPart> parts, Extra? extra, FieldPath place, List<Message> messages)
    {
        var results = parts.FindAll(static part => part is ToolCallResponsePart);
        var rest = results.Count == 0 ? parts : parts.FindAll(static part => part is not ToolCallResponsePart);
        if (results.Count > 0)
        {
            messages.Add(new Message(Role.Tool, results, Extra: rest.Count == 0 ? extra : null) { Place = place });
        }

        if (rest.Count > 0 || results.Count == 0)
        {
            messages.Add(new Message(Role.User, rest, Extra: extra) { Place = place });
        }
    }
}
