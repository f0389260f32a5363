using System.Buffers;
using System.Net.Http.Headers;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Dify;

namespace Sommelier.Upstream;

/// <summary>Files that a request brings as bytes, sent ahead to an application that takes them by id only (Dify's <c>files/upload</c>).</summary>
/// <param name="files">The files by the parts that brought them.</param>
internal sealed class UploadedFiles(IReadOnlyDictionary<ContentPart, FilePart> files)
{
    /// <summary>The most files of one request that are uploaded.</summary>
    public const int MaxFiles = 20;

    // An answer to an upload is a few hundred bytes.
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>The same request with the ids in the place of the bytes.</summary>
    public ChatRequest Put(ChatRequest request) => request with
    {
        Messages = [.. request.Messages.Select(message => message with { Parts = [.. message.Parts.Select(part => files.TryGetValue(part, out var file) ? file : part)] })],
    };

    /// <summary>Sends the files of the last turn, one after the other; null when it has none.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="provider">Whose application it is.</param>
    /// <param name="endpoint">Where it is asked; its <see cref="BoundEndpoint.Uploads"/> say where files go.</param>
    /// <param name="http">The way out.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away or the time is up.</param>
    /// <exception cref="WireException">A file is not base64.</exception>
    /// <exception cref="UpstreamException">The application refused one.</exception>
    public static async ValueTask<UploadedFiles?> SendAsync(
        ChatRequest request, BoundProvider provider, BoundEndpoint endpoint, UpstreamHttp http, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request.Messages[^1] is not { Role: Role.User } turn || turn.Parts.OfType<BlobPart>().ToArray() is not { Length: > 0 } blobs)
        {
            return null;
        }

        if (blobs.Length > MaxFiles)
        {
            throw WireException.Invalid("messages", $"The application takes files one by one, and the gateway uploads {MaxFiles} for a request at most. Send fewer.");
        }

        var user = DifyFiles.UserOf(request);
        var files = new Dictionary<ContentPart, FilePart>(ReferenceEqualityComparer.Instance);
        foreach (var blob in blobs)
        {
            files[blob] = DifyFiles.Uploaded(await SendAsync(blob, user, provider, endpoint, http, time, cancellationToken), MediaType.Kind(blob.MediaType));
        }

        return new(files);
    }

    private static async ValueTask<string> SendAsync(
        BlobPart blob, string user, BoundProvider provider, BoundEndpoint endpoint, UpstreamHttp http, TimeProvider time, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent { { new StringContent(user), "user" }, { FileOf(blob), "file", NameOf(blob) } };
        using var message = new HttpRequestMessage(HttpMethod.Post, endpoint.Uploads) { Content = form };
        provider.SetHeaders(message);
        using var reply = await http.SendAsync(message, cancellationToken);
        await reply.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        var body = await reply.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!reply.IsSuccessStatusCode)
        {
            throw new UpstreamException(endpoint.Format.Errors.Read((int)reply.StatusCode, name => Header(reply, name), body, time.GetUtcNow()));
        }

        return DifyFiles.IdOf(body) ?? throw UpstreamException.Protocol("The answer to an upload names no file.");
    }

    private static ByteArrayContent FileOf(BlobPart blob)
    {
        try
        {
            var content = new ByteArrayContent(blob.Data.IsPlain ? blob.Data.Bytes.ToArray() : Convert.FromBase64String(blob.Data.ToString()));
            content.Headers.ContentType = MediaTypeHeaderValue.TryParse(blob.MediaType, out var type) ? type : new("application/octet-stream");
            return content;
        }
        catch (FormatException)
        {
            throw WireException.Invalid("messages", $"A file of the type '{blob.MediaType}' is not base64. Send it as a data: URL with its bytes in base64.");
        }
    }

    // Applications look at the ending.
    private static string NameOf(BlobPart blob) => blob.FileName ?? $"file.{blob.MediaType[(blob.MediaType.LastIndexOf('/') + 1)..]}";

    private static string? Header(HttpResponseMessage reply, string name) =>
        reply.Headers.TryGetValues(name, out var values) || reply.Content.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;
}
