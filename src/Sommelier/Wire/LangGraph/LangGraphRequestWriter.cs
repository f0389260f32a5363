using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>Writes a request as a stateless run: the conversation is the run's input.</summary>
internal static class LangGraphRequestWriter
{
    /// <inheritdoc cref="IRequestWire.Write"/>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
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

        // A caller that leaves must not leave a run behind that goes on spending.
        writer.WriteString("on_disconnect", "cancel");
        writer.WriteEndObject();
        writer.Flush();
        UnusedSettings.Warn(request, "a graph decides this itself", warnings);
    }
}
