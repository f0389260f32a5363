using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads <c>instructions</c> and <c>input</c>: the flat list of items becomes turns.</summary>
/// <remarks>What the model did in a row (thinking, messages, tool calls, its vendor's own tools) is one turn; so are the tools' answers in a row.</remarks>
internal sealed class ResponsesInputReader
{
    private readonly List<ContentPart> system = [];
    private readonly List<Message> messages = [];
    private List<ContentPart>? assistant;
    private List<ContentPart>? results;
    private Message? lastSystem;

    private readonly bool plainTools;

    private ResponsesInputReader(bool plainTools) => this.plainTools = plainTools;

    /// <summary>The instructions at the start, and what follows them.</summary>
    public static (IReadOnlyList<ContentPart> System, IReadOnlyList<Message> Messages) Read(JsonFields request, bool plainTools)
    {
        var reader = new ResponsesInputReader(plainTools);
        if (request.Text("instructions") is { Length: > 0 } instructions)
        {
            reader.system.Add(new TextPart(instructions) { Place = "instructions" });
        }

        if (!request.TryGet("input", out var input))
        {
            throw FieldError.Missing("input", "a text or a list of items");
        }

        reader.ReadInput(input);
        return reader.Finish();
    }

    private void ReadInput(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            messages.Add(new Message(Role.User, [new TextPart(JsonFields.Text(input, "input")) { Place = "input" }]) { Place = "input" });
            return;
        }

        if (input.ValueKind != JsonValueKind.Array)
        {
            throw FieldError.WrongType("input", "a string or a list of items", input.ValueKind);
        }

        var index = 0;
        foreach (var element in input.EnumerateArray())
        {
            Item(JsonFields.Of(element, $"input[{index++}]"));
        }

        Close();
    }

    private (IReadOnlyList<ContentPart> System, IReadOnlyList<Message> Messages) Finish()
    {
        if (messages.Count > 0)
        {
            return (system, messages);
        }

        if (lastSystem is null)
        {
            throw WireException.Invalid("input", "'input' is empty. Send a text or at least one item.");
        }

        // Instructions alone: the last of them is what is asked.
        system.RemoveRange(system.Count - lastSystem.Parts.Count, lastSystem.Parts.Count);
        return (system, [lastSystem]);
    }

    private void Item(JsonFields item)
    {
        var type = item.Text("type") ?? "message";
        switch (type)
        {
            case "message":
                Message(item);
                break;
            case "function_call_output" or "custom_tool_call_output":
                var id = item.Text("call_id") ?? throw FieldError.Missing(item.At("call_id"), "the id of the call that this answers");
                Result(new ToolCallResponsePart(id, Parts(item, "output"), false, ResponsesItemExtra.Of(item, ["type", "call_id", "output"])).Placed(item.Place));
                break;
            case "item_reference":
                throw WireException.Invalid(item.Path, $"'{item.Path}' names an item that OpenAI keeps, which another provider does not have. Send the item itself (clients do with store: false), set server.responses.store so that the gateway keeps items, or name a model of OpenAI.");
            case "additional_tools" when plainTools:
                // They are on offer from the start, see ResponsesPlainTools.
                break;
            default:
                var part = ResponsesItemReader.Read(item, type);
                Assistant(plainTools ? ResponsesPlainTools.Call(part, item) : part);
                break;
        }
    }

    private void Message(JsonFields item)
    {
        var role = item.RequiredText("role", $"one of: {ResponsesWords.Roles}");
        var parts = Parts(item, "content");
        switch (role)
        {
            case "assistant":
                foreach (var part in ResponsesItemReader.OfMessage(parts, item))
                {
                    Assistant(part);
                }

                break;
            case "user":
                Close();
                messages.Add(new Message(Role.User, parts, item.Text("name"), ResponsesItemExtra.Of(item, ["type", "role", "content", "name"])) { Place = item.Place });
                break;
            case "system" or "developer":
                Close();
                System(new Message(Role.System, parts, item.Text("name"), ResponsesItemExtra.Of(item, ["type", "role", "content", "name"])) { Place = item.Place });
                break;
            default:
                throw FieldError.Unknown(item.At("role"), role, ResponsesWords.Roles);
        }
    }

    // One with more than words stays a message of its own.
    private void System(Message message)
    {
        if (messages.Count > 0 || message.Name is not null || message.Extra is { Fields.Count: > 0 })
        {
            messages.Add(message);
            return;
        }

        lastSystem = message;
        system.AddRange(message.Parts);
    }

    private static IReadOnlyList<ContentPart> Parts(JsonFields item, string name) => item.TryGet(name, out _)
        ? ResponsesPartReader.ReadAll(item, name)
        : throw FieldError.Missing(item.At(name), "a string or a list of parts");

    private void Assistant(ContentPart part)
    {
        if (assistant is null)
        {
            Close();
            messages.Add(new Message(Role.Assistant, assistant = []) { Place = part.Place });
        }

        assistant.Add(part);
    }

    private void Result(ToolCallResponsePart result)
    {
        if (results is null)
        {
            Close();
            messages.Add(new Message(Role.Tool, results = []) { Place = result.Place });
        }

        // A tool that takes text may tell more than once what it does; a call has one result, in other formats and behind quirks.
        var before = results.FindIndex(part => part is ToolCallResponsePart earlier && string.Equals(earlier.Id, result.Id, StringComparison.Ordinal));
        if (before < 0)
        {
            results.Add(result);
            return;
        }

        var first = (ToolCallResponsePart)results[before];
        results[before] = first with { Parts = [.. first.Parts, .. result.Parts] };
    }

    private void Close() => assistant = results = null;
}
