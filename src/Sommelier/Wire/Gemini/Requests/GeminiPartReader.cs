using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads one part of a content, in requests and in answers.</summary>
/// <remarks>
/// A signature on a text becomes a <see cref="ReasoningPart"/> without text right after it: the writer puts it back onto
/// the part before.
/// </remarks>
internal static class GeminiPartReader
{
    private const string Format = GeminiFormat.FormatName;

    /// <summary>Under which name the type of a file is kept that stands elsewhere.</summary>
    public const string FileType = "fileData.mimeType";

    /// <summary>The prefix of unknown fields that stood in <c>functionCall</c>.</summary>
    public const string CallPrefix = "functionCall.";

    /// <summary>The prefix of unknown fields that stood in <c>inlineData</c>.</summary>
    public const string InlinePrefix = "inlineData.";

    private static readonly string[] Text = GeminiNames.Both("text", "thought", "thoughtSignature");
    private static readonly string[] Call = GeminiNames.Both("functionCall", "thoughtSignature", "thought");
    private static readonly string[] Response = GeminiNames.Both("functionResponse", "thoughtSignature", "thought");
    private static readonly string[] Inline = GeminiNames.Both("inlineData", "thoughtSignature", "thought");
    private static readonly string[] File = GeminiNames.Both("fileData", "thoughtSignature", "thought");

    /// <summary>Reads a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="said">Takes what it says; one part may be two.</param>
    /// <param name="makeId">Gives a function call its id, see <see cref="CallIds.Called"/>.</param>
    /// <param name="result">The answer of a tool, whose id may be empty; null for everything else.</param>
    public static void Read(JsonFields part, List<ContentPart> said, Func<string, string> makeId, out ToolCallResponsePart? result)
    {
        result = null;
        var seal = part.TryGet("thoughtSignature", out var signature, out var name) ? JsonFields.Text(signature, part.At(name)) : null;
        if (part.TryGet("functionCall", out var call, out name))
        {
            said.Add(FunctionCall(JsonFields.Of(call, part.At(name)), part.Unknown(Format, Call), seal, makeId));
        }
        else if (part.TryGet("functionResponse", out var answer, out name))
        {
            result = GeminiFunctionResponse.Read(JsonFields.Of(answer, part.At(name)), part.Unknown(Format, Response));
        }
        else if (part.TryGet("inlineData", out var blob, out name))
        {
            said.Add(Blob(JsonFields.Of(blob, part.At(name)), part.Unknown(Format, Inline)));
            Add(seal, said);
        }
        else if (part.TryGet("fileData", out var file, out name))
        {
            said.Add(Uri(JsonFields.Of(file, part.At(name)), part.Unknown(Format, File)));
        }
        else if (part.Text("text") is { } text)
        {
            AddText(text, part.Bool("thought") ?? false, seal, part.Unknown(Format, Text), said);
        }
        else if (seal is not null && part.Unknown(Format, Text) is null)
        {
            Add(seal, said);
        }
        else
        {
            said.Add(new OpaquePart(Format, Kind(part.Element) ?? throw FieldError.Missing(part.Path, "a part with 'text', 'inlineData', 'fileData', 'functionCall' or 'functionResponse'"), part.Element.GetRawText()));
        }
    }

    private static void AddText(string text, bool isThought, string? seal, Extra? extra, List<ContentPart> said)
    {
        if (isThought)
        {
            said.Add(Seals.Receive(new ReasoningPart(text, Extra: extra), seal, Seals.Google));
            return;
        }

        if (text.Length > 0 || seal is null || extra is not null)
        {
            said.Add(new TextPart(text, extra));
        }

        Add(seal, said);
    }

    private static void Add(string? seal, List<ContentPart> said)
    {
        if (seal is not null)
        {
            said.Add(Seals.Receive(new ReasoningPart(""), seal, Seals.Google));
        }
    }

    private static ToolCallPart FunctionCall(JsonFields call, Extra? extra, string? seal, Func<string, string> makeId)
    {
        var name = call.RequiredText("name", "the function's name");
        var arguments = call.TryGet("args", out var args)
            ? args.ValueKind == JsonValueKind.Object ? args.GetRawText() : throw FieldError.WrongType(call.At("args"), "an object", args.ValueKind)
            : "{}";
        var given = call.Text("id") is { Length: > 0 } sent ? sent : null;
        var id = makeId(given is null ? name : $"{given}\n{name}");

        // Another vendor's seal on a call goes back with nothing but that vendor's thinking.
        var (vendor, own) = seal is null ? (null, null) : Seals.Unwrap(seal, Seals.Google);
        return new ToolCallPart(id, name, arguments, Extras.Join(extra, Extras.Within(CallPrefix, call.Unknown(Format, ["id", "name", "args"]))))
        {
            Signature = string.Equals(vendor, Seals.Google, StringComparison.Ordinal) ? own : null,
            IsIdMadeUp = given is null,
        };
    }

    private static BlobPart Blob(JsonFields blob, Extra? extra)
    {
        var type = blob.RequiredText(blob.Used("mimeType"), "the media type, e.g. image/png");
        return new BlobPart(type, BlobReader.Required(blob, "data", "the bytes in base64"), blob.Text(blob.Used("displayName")), Extras.Join(extra, Extras.Within(InlinePrefix, blob.Unknown(Format, GeminiNames.Both("mimeType", "data", "displayName")))));
    }

    private static ContentPart Uri(JsonFields file, Extra? extra)
    {
        var type = file.Text(file.Used("mimeType"));
        var kind = MediaType.Kind(type ?? "");
        var own = type is null ? null : new Extra(Format, [new(FileType, $"\"{JsonEncodedText.Encode(type)}\"")]);
        var inner = Extras.Within("fileData.", file.Unknown(Format, GeminiNames.Both("mimeType", "fileUri")));
        if (file.TryGet(file.Used("fileUri"), out var uri) && DataUrl.TryParse(uri, file.At(file.Used("fileUri")), out var inside, out var data))
        {
            return new BlobPart(inside, data, null, Extras.Join(inner, extra));
        }

        return new UriPart(file.RequiredText(file.Used("fileUri"), "the file's address"), kind, Extras.Join(Extras.Join(own, inner), extra));
    }

    private static string? Kind(JsonElement part)
    {
        foreach (var property in part.EnumerateObject())
        {
            if (property.Name is not ("thought" or "thoughtSignature" or "thought_signature"))
            {
                return property.Name;
            }
        }

        return null;
    }
}
