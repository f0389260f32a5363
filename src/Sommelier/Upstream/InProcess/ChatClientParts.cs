using System.Text.Json;
using Microsoft.Extensions.AI;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.InProcess;

/// <summary>The pieces of a message in the words of <c>Microsoft.Extensions.AI</c>.</summary>
internal static class ChatClientParts
{
    /// <summary>The pieces, in order.</summary>
    /// <exception cref="WireException">A piece has no counterpart: names it.</exception>
    public static List<AIContent> Contents(IReadOnlyList<ContentPart> parts)
    {
        var contents = new List<AIContent>(parts.Count);
        foreach (var part in parts)
        {
            contents.Add(Content(part));
        }

        return contents;
    }

    /// <summary>JSON text as a value that lives on its own.</summary>
    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static AIContent Content(ContentPart part) => part switch
    {
        TextPart text => new TextContent(text.Text),
        RefusalPart refusal => new TextContent(refusal.Text),
        ReasoningPart thought => new TextReasoningContent(thought.Text) { ProtectedData = thought.Signature },
        ToolCallPart call => Call(call),
        ToolCallResponsePart result => new FunctionResultContent(result.Id, Result(result.Parts)),
        BlobPart blob => new DataContent($"data:{blob.MediaType};base64,{blob.Data}", blob.MediaType) { Name = blob.FileName },
        UriPart uri => Remote(uri),
        FilePart file => new HostedFileContent(file.FileId),
        OpaquePart opaque => throw NoWord(opaque.Type),
        _ => throw NoWord(part.GetType().Name),
    };

    // Text where that says everything: most clients make text of anything else.
    private static object Result(IReadOnlyList<ContentPart> parts) => parts.All(static part => part is TextPart)
        ? string.Join('\n', parts.OfType<TextPart>().Select(static part => part.Text))
        : Contents(parts);

    private static UriContent Remote(UriPart part) => Uri.TryCreate(part.Uri, UriKind.Absolute, out var uri)
        ? new UriContent(uri, MediaType(part.Kind, uri.AbsolutePath))
        : throw WireException.Invalid("messages", $"'{part.Uri}' is no address that a chat client could fetch. Send a whole URL.");

    private static string MediaType(MediaKind kind, string path) => (kind, Path.GetExtension(path).ToLowerInvariant()) switch
    {
        (MediaKind.Image, ".jpg" or ".jpeg") => "image/jpeg",
        (MediaKind.Image, ".gif") => "image/gif",
        (MediaKind.Image, ".webp") => "image/webp",
        (MediaKind.Image, ".png") => "image/png",
        (MediaKind.Image, _) => "image/*",
        (MediaKind.Audio, _) => "audio/*",
        (MediaKind.Video, _) => "video/*",
        _ => "application/pdf",
    };

    private static FunctionCallContent Call(ToolCallPart call)
    {
        try
        {
            var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var argument in Json(call.Arguments).EnumerateObject())
            {
                arguments[argument.Name] = argument.Value;
            }

            return new(call.Id, call.Name, arguments);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The interface's own way of saying that a model wrote arguments that are no object.
            return new(call.Id, call.Name) { Exception = error };
        }
    }

    private static WireException NoWord(string type) =>
        WireException.Invalid("messages", $"A chat client in process has no word for content of type '{type}'. Leave it out, or choose another model.");
}
