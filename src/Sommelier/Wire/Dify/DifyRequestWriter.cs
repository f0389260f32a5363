using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>Writes a request for an app.</summary>
/// <remarks>
/// An app takes one query; its conversations live on its side under ids of its own. A caller's conversation comes whole
/// with every request, so what stands before the last turn is told inside the query, and each request is a conversation of
/// its own at Dify, unless the caller names one of Dify's in <c>metadata.conversation_id</c>. Completion apps and workflows have no query: they get it as the input variable <c>query</c>.
/// </remarks>
internal static class DifyRequestWriter
{
    private const string Conversation = "conversation_id";

    /// <inheritdoc cref="IRequestWire.Write"/>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var app = DifyApps.Of(target.Model);
        var conversation = app == DifyApp.Chat ? NamedConversation.Of(request, Conversation) : null;
        if (conversation is not null)
        {
            request = NamedConversation.News(NamedConversation.Told(request, Conversation), warnings);
        }

        var files = new List<ContentPart>();
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
            if (conversation is not null)
            {
                writer.WriteString(Conversation, conversation);
            }

            // A conversation that nobody will come back to needs no title, which a model would have to think of.
            writer.WriteBoolean("auto_generate_name", false);
        }

        // Agents answer in no other way than a stream, and nothing tells them from chatbots; a whole answer is put together here.
        writer.WriteString("response_mode", request.Stream || app == DifyApp.Chat ? "streaming" : "blocking");
        writer.WriteString("user", DifyFiles.UserOf(request));
        DifyFiles.Write(files, writer);
        writer.WriteEndObject();
        writer.Flush();
        UnusedSettings.Warn(request, "a Dify app decides this itself", warnings);
    }
}
