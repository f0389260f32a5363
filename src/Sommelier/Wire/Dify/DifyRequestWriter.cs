using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>Writes a request for an app.</summary>
/// <remarks>
/// An app takes one query; its conversations live on its side under ids of its own. A caller's conversation comes whole
/// with every request, so what stands before the last turn is told inside the query, and each request is a conversation of
/// its own at Dify. Completion apps and workflows have no query: they get it as the input variable <c>query</c>.
/// </remarks>
internal static class DifyRequestWriter
{
    /// <summary>Dify demands a user; this one stands for callers that name none.</summary>
    public const string Anonymous = "sommelier";

    /// <inheritdoc cref="IRequestWire.Write"/>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var app = DifyApps.Of(target.Model);
        var files = new List<UriPart>();
        var query = DifyQuery.Of(request, files, warnings);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteStartObject("inputs");
        if (app != DifyApp.Chat)
        {
            writer.WriteString("query", query);
        }

        writer.WriteEndObject();
        if (app == DifyApp.Chat)
        {
            writer.WriteString("query", query);

            // A conversation that nobody will come back to needs no title, which a model would have to think of.
            writer.WriteBoolean("auto_generate_name", false);
        }

        // Agents answer in no other way than a stream, and nothing tells them from chatbots; a whole answer is put together here.
        writer.WriteString("response_mode", request.Stream || app == DifyApp.Chat ? "streaming" : "blocking");
        writer.WriteString("user", request.EndUser is { Length: > 0 } user ? user : Anonymous);
        WriteFiles(files, writer);
        writer.WriteEndObject();
        writer.Flush();
        UnusedSettings.Warn(request, "a Dify app decides this itself", warnings);
    }

    private static void WriteFiles(List<UriPart> files, Utf8JsonWriter writer)
    {
        if (files.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("files");
        foreach (var file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("type", file.Kind switch
            {
                MediaKind.Audio => "audio",
                MediaKind.Video => "video",
                MediaKind.Document => "document",
                _ => "image",
            });
            writer.WriteString("transfer_method", "remote_url");
            writer.WriteString("url", file.Uri);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
