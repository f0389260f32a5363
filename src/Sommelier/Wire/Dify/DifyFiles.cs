using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>Files for an app: by address, or uploaded before (<c>files/upload</c>: a form with <c>file</c> and <c>user</c>, answered with an <c>id</c>).</summary>
internal static class DifyFiles
{
    // Ids of other vendors' files mean nothing to Dify.
    private static readonly Extra Own = new(DifyFormat.FormatName, []);

    /// <summary>Dify demands a user, the same for a file and the request that names it; this one stands for callers that name none.</summary>
    public static string UserOf(ChatRequest request) => request.EndUser is { Length: > 0 } user ? user : "sommelier";

    /// <summary>A file that the app has.</summary>
    public static FilePart Uploaded(string id, MediaKind kind) => new(id, kind, Own);

    /// <summary>Whether a part is a file that the app has.</summary>
    public static bool IsUploaded(FilePart part) => ReferenceEquals(part.Extra, Own);

    /// <summary>The id in the answer to an upload; null when there is none.</summary>
    public static string? IdOf(ReadOnlySpan<byte> body)
    {
        using var document = LooseJson.Parse(body);
        return document.RootElement.Text("id") is { Length: > 0 } id ? id : null;
    }

    /// <summary>Writes <c>files</c>, where there are any.</summary>
    public static void Write(IReadOnlyList<ContentPart> files, Utf8JsonWriter writer)
    {
        if (files.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("files");
        foreach (var file in files)
        {
            writer.WriteStartObject();
            if (file is FilePart uploaded)
            {
                writer.WriteString("type", Kind(uploaded.Kind));
                writer.WriteString("transfer_method", "local_file");
                writer.WriteString("upload_file_id", uploaded.FileId);
            }
            else if (file is UriPart remote)
            {
                writer.WriteString("type", Kind(remote.Kind));
                writer.WriteString("transfer_method", "remote_url");
                writer.WriteString("url", remote.Uri);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Kind(MediaKind kind) => kind switch
    {
        MediaKind.Audio => "audio",
        MediaKind.Video => "video",
        MediaKind.Document => "document",
        _ => "image",
    };
}
