using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The response object around an output: of a whole answer, and in the events that begin and end a stream.</summary>
internal sealed class ResponsesEnvelope(string id, string model, DateTimeOffset created, ReplyContext context)
{
    /// <summary>The answer's id.</summary>
    public string Id => id;

    /// <inheritdoc cref="ReplyContext.FindTool"/>
    public ToolDefinition? FindTool(string name) => context.FindTool?.Invoke(name);

    /// <summary>Opens the object and writes what stands before the output.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="status">E.g. <c>completed</c>.</param>
    /// <param name="reason">Why it is incomplete; null when it is not.</param>
    public void Open(Utf8JsonWriter writer, string status, string? reason)
    {
        writer.WriteString("id", id);
        writer.WriteString("object", "response");
        writer.WriteNumber("created_at", created.ToUnixTimeSeconds());
        writer.WriteString("status", status);
        writer.WriteNull("error");
        if (reason is null)
        {
            writer.WriteNull("incomplete_details");
        }
        else
        {
            writer.WriteStartObject("incomplete_details");
            writer.WriteString("reason", reason);
            writer.WriteEndObject();
        }

        writer.WriteString("model", model);
    }

    /// <summary>Writes what stands behind the output.</summary>
    public void Close(Utf8JsonWriter writer, Usage? usage)
    {
        ResponsesEcho.Write(context, writer);
        if (usage is not { } counts)
        {
            writer.WriteNull("usage");
            return;
        }

        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", counts.InputTokens);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", counts.CacheReadInputTokens);
        writer.WriteNumber("cache_write_tokens", counts.CacheCreationInputTokens);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", counts.OutputTokens);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", counts.ReasoningOutputTokens);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", counts.InputTokens + counts.OutputTokens);
        writer.WriteEndObject();
    }
}
