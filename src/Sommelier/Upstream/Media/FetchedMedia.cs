using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Gemini;

namespace Sommelier.Upstream.Media;

/// <summary>What was fetched for a call, and where it goes.</summary>
/// <param name="files">The files by address and kind.</param>
internal sealed class FetchedMedia(IReadOnlyDictionary<(string Uri, MediaKind Kind), FetchedFile> files)
{
    /// <summary>How many bytes of base64 the files are.</summary>
    public long Base64Length => files.Values.Sum(static file => file.Data.Base64Length);

    /// <summary>The same request with the bytes in the place of their addresses, and a warning for each.</summary>
    public ChatRequest Put(ChatRequest request, ICollection<Warning> warnings)
    {
        return request with
        {
            SystemInstructions = All(request.SystemInstructions),
            Messages = [.. request.Messages.Select(message => message with { Parts = All(message.Parts) })],
        };

        ContentPart[] All(IReadOnlyList<ContentPart> parts) => [.. parts.Select(One)];

        ContentPart One(ContentPart part)
        {
            switch (part)
            {
                case UriPart uri when files.TryGetValue((uri.Uri, uri.Kind), out var file):
                    warnings.Add(new Warning("emulated", CallerFields.Media(request.Format, uri), "fetched by the gateway"));
                    return new BlobPart(file.MediaType, file.Data, Extra: Rest(uri.Extra)) { Place = uri.Place };
                case ToolCallResponsePart response:
                    return response with { Parts = All(response.Parts) };
                default:
                    return part;
            }
        }
    }

    // Google's note of the type goes: the bytes have their own.
    private static Extra? Rest(Extra? extra) =>
        extra is null ? null : new Extra(extra.Format, [.. extra.Fields.Where(static field => field.Key is not GeminiPartReader.FileType)]);
}
