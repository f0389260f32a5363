using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// The answer that callers get who offered <c>functions</c>, as of before there were <c>tools</c>: at most one call, without an
/// id, as <c>function_call</c> of the message, and a finish reason of that name.
/// </summary>
/// <remarks>Source: openai 7.57.0, <c>ChatCompletionMessage.function_call</c>, <c>ChoiceDeltaFunctionCall</c>.</remarks>
internal static class LegacyCalls
{
    /// <summary>Whether a call is told the older way: the caller offered functions and no tools.</summary>
    public static bool AreWanted(ReplyContext context) =>
        context.Outline is { ToolCount: > 0 } asked && asked.Member("functions") is not null && (asked.Member("tools") is not { } tools || IsEmpty(context.Request.Span[tools.ValueStart..tools.End]));

    // Some clients send every field, those of no value too.
    private static bool IsEmpty(ReadOnlySpan<byte> tools) => tools.SequenceEqual("null"u8) || tools is [(byte)'[', .. var inner, (byte)']'] && inner.IndexOfAnyExcept(" \r\n\t"u8) < 0;

    /// <summary>The word for why an answer ended.</summary>
    public static string Finish(FinishReason reason, ReplyContext context) =>
        reason.Kind == FinishReasonKind.ToolCalls && AreWanted(context) ? "function_call" : OpenAIWords.Finish(reason);

    /// <summary>Writes the first call of an answer and warns of the others.</summary>
    public static void Write(IReadOnlyList<ContentPart> parts, string path, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var first = true;
        foreach (var part in parts)
        {
            if (part is not ToolCallPart call)
            {
                continue;
            }

            if (!first)
            {
                warnings.Add(Left($"{path}.message.function_call", call.Name));
                continue;
            }

            first = false;
            writer.WriteStartObject("function_call");
            writer.WriteString("name", call.Name);
            writer.WriteString("arguments", call.Arguments);
            writer.WriteEndObject();
        }
    }

    /// <summary>Warns of a call beside the first.</summary>
    public static Warning Left(string field, string name) =>
        new("dropped", field, $"an answer to 'functions' has one call; that of '{name}' was left out. Send 'tools' to get all.");
}
