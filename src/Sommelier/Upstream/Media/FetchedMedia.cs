using Sommelier.Canonical;

namespace Sommelier.Upstream.Media;

/// <summary>What was fetched for a call, and where it goes.</summary>
/// <param name="files">The files by address and kind.</param>
internal sealed class FetchedMedia(IReadOnlyDictionary<(string Uri, MediaKind Kind), FetchedFile> files)
{
    /// <summary>How many bytes of base64 the files are.</summary>
    public long Base64Length => files.Values.Sum(static file => file.Data.Base64Length);

    /// <summary>The same request with the bytes in the place of their addresses.</summary>
    public ChatRequest Put(ChatRequest request) => request with
    {
        SystemInstructions = Put(request.SystemInstructions),
        Messages = [.. request.Messages.Select(message => message with { Parts = Put(message.Parts) })],
    };

    private ContentPart[] Put(IReadOnlyList<ContentPart> parts) => [.. parts.Select(Put)];

    private ContentPart Put(ContentPart part) => part switch
    {
        UriPart uri when files.TryGetValue((uri.Uri, uri.Kind), out var file) => new BlobPart(file.MediaType, file.Data, Extra: Rest(uri.Extra)),
        ToolCallResponsePart response => response with { Parts = Put(response.Parts) },
        _ => part,
    };

    // Google's note of the type goes: the bytes have their own.
    private static Extra? Rest(Extra? extra) =>
        extra is null ? null : new Extra(extra.Format, [.. extra.Fields.Where(static field => field.Key is not "mimeType")]);
}
