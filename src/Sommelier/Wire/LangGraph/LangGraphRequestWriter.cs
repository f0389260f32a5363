using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>Writes a request as a run: of the whole conversation, or, in a thread that the caller names, of what is new.</summary>
internal static class LangGraphRequestWriter
{
    private const string Thread = "thread_id";

    /// <summary>
    /// Where the runs of the caller's thread stand, e.g. <c>threads/6c1…/</c>; empty when it names none in
    /// <c>metadata.thread_id</c>.
    /// </summary>
    /// <exception cref="WireException">It is no UUID, which a server would refuse.</exception>
    public static string PathOf(ChatRequest request) => NamedConversation.Of(request, Thread) switch
    {
        null => "",
        var id when Guid.TryParseExact(id, "D", out _) => $"threads/{id}/",
        _ => throw WireException.Invalid($"metadata.{Thread}", $"'metadata.{Thread}' names a LangGraph thread and must be a UUID. Make one for each conversation, or leave it out and send the whole conversation."),
    };

    /// <inheritdoc cref="IRequestWire.Write"/>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var inThread = PathOf(request).Length > 0;
        if (inThread)
        {
            request = NamedConversation.News(NamedConversation.Told(request, Thread), warnings);
        }

        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("assistant_id", target.Model);
        writer.WriteStartObject("input");
        new LangGraphMessageWriter(writer, warnings).Write(request);
        writer.WriteEndObject();
        if (request.Stream)
        {
            // Tokens as they are made, and the state after each step: the last one holds the answer as the graph left it.
            writer.WriteStartArray("stream_mode");
            writer.WriteStringValue("messages-tuple");
            writer.WriteStringValue("values");
            writer.WriteEndArray();
        }

        if (request.EndUser is { } user)
        {
            writer.WriteStartObject("metadata");
            writer.WriteString("user_id", user);
            writer.WriteEndObject();
        }

        if (inThread)
        {
            writer.WriteString("if_not_exists", "create");
        }

        // A caller that leaves must not leave a run behind that goes on spending.
        writer.WriteString("on_disconnect", "cancel");
        writer.WriteEndObject();
        writer.Flush();
        UnusedSettings.Warn(request, "a graph decides this itself", warnings);
    }
}
