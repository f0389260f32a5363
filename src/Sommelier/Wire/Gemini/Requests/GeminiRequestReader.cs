using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads a whole request.</summary>
internal static class GeminiRequestReader
{
    private const string Format = GeminiFormat.FormatName;

    /// <summary>The prefix of unknown fields that stood in <c>systemInstruction</c>.</summary>
    public const string SystemPrefix = "systemInstruction.";

    private static readonly string[] Known = GeminiNames.Both(
        "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "model", CallerHintsReader.Member);

    /// <summary>Reads a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="path">Names the model and says whether a stream is wanted.</param>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path)
    {
        using var document = JsonBody.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        var settings = GeminiSettingsReader.Read(root);
        return new ChatRequest
        {
            OriginalModel = GeminiOutlineReader.Model(path, root.Text("model")),
            Format = Format,
            Stream = path.Stream ?? false,
            StreamUsage = path.Stream ?? false,
            SystemInstructions = System(root),
            Messages = Messages(root),
            Tools = GeminiToolReader.Tools(root),
            ToolChoice = GeminiToolReader.Choice(root, out var configExtra),
            MaxOutputTokens = settings.MaxOutputTokens,
            Sampling = settings.Sampling,
            ResponseFormat = settings.ResponseFormat,
            Reasoning = settings.Reasoning,
            Extra = Extras.Join(Extras.Join(Extras.Join(root.Unknown(Format, Known), configExtra), settings.Extra), SystemExtra(root)),
        };
    }

    private static List<ContentPart> System(JsonFields root)
    {
        if (!root.TryGet("systemInstruction", out var value, out var name))
        {
            return [];
        }

        // The SDK takes a string, a part or a content; on the wire it is a content, and careless clients send the rest.
        if (value.ValueKind == JsonValueKind.String)
        {
            return [new TextPart(JsonFields.Text(value, name))];
        }

        var content = JsonFields.Of(value, name);
        var parts = new List<ContentPart>();
        foreach (var part in Parts(content))
        {
            var from = parts.Count;
            GeminiPartReader.Read(part, parts, _ => "", out _);
            parts.Placed(from, part.Place);
        }

        return parts;
    }

    private static Extra? SystemExtra(JsonFields root) => root.TryGet("systemInstruction", out var value, out _) && value.ValueKind == JsonValueKind.Object
        ? Extras.Within(SystemPrefix, Extras.Collect(value, Format, ["parts", "role"]))
        : null;

    private static List<Message> Messages(JsonFields root)
    {
        var messages = new List<Message>();
        if (!root.TryGet("contents", out var contents))
        {
            throw FieldError.Missing("contents", "a list of contents, each with 'role' and 'parts'");
        }

        var ids = new CallIds();
        if (contents.ValueKind == JsonValueKind.Object)
        {
            Message(JsonFields.Of(contents, "contents"), ids, messages);
        }
        else if (root.List("contents") is { } list)
        {
            var index = 0;
            foreach (var content in list.EnumerateArray())
            {
                Message(JsonFields.Of(content, $"contents[{index++}]"), ids, messages);
            }
        }

        foreach (var message in messages)
        {
            if (message is { Role: Role.Assistant, Parts: List<ContentPart> parts })
            {
                GeminiPieces.Join(parts);
            }
        }

        return messages.Count > 0 ? messages : throw FieldError.OutOfRange("contents", "a list with at least one content");
    }

    // Answers of tools stand in a turn of their own in every other format.
    private static void Message(JsonFields content, CallIds ids, List<Message> messages)
    {
        var role = content.Text("role") switch
        {
            null or "" or "user" or "function" or "tool" => Role.User,
            "model" or "assistant" => Role.Assistant,
            "system" => Role.System,
            var other => throw FieldError.Unknown(content.At("role"), other, "user, model"),
        };
        var said = new List<ContentPart>();
        var results = new List<ContentPart>();
        Func<string, string> called = ids.Called;
        foreach (var part in Parts(content))
        {
            var from = said.Count;
            GeminiPartReader.Read(part, said, called, out var result);
            said.Placed(from, part.Place);
            if (result is { } answer)
            {
                var id = ids.Answered(answer.Id, part.Object(part.Used("functionResponse"))?.Text("name"));
                results.Add((answer with { Id = id }).Placed(part.Place));
            }
        }

        var extra = content.Unknown(Format, ["role", "parts"]);
        if (results.Count > 0)
        {
            messages.Add(new Message(Role.Tool, results, Extra: said.Count == 0 ? extra : null) { Place = content.Place });
        }

        var isContinued = role == Role.Assistant && results.Count == 0 && GeminiPieces.Continue(messages, said, extra);
        if (!isContinued && (said.Count > 0 || results.Count == 0))
        {
            messages.Add(new Message(role, said, Extra: extra) { Place = content.Place });
        }
    }

    private static IEnumerable<JsonFields> Parts(JsonFields content)
    {
        if (!content.TryGet("parts", out var parts))
        {
            yield break;
        }

        if (parts.ValueKind == JsonValueKind.Object)
        {
            yield return new JsonFields(parts, content.Path, "parts");
            yield break;
        }

        var index = 0;
        foreach (var part in content.List("parts")!.Value.EnumerateArray())
        {
            yield return JsonFields.Item(part, content, "parts", index++);
        }
    }
}
