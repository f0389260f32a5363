using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// A <c>tool_reference</c>: what a search for tools found, named in its result. Its own format shows the model the tool that
/// was deferred until then; elsewhere every tool is shown from the start, and the result says in words which one was found.
/// </summary>
internal static class AnthropicToolReference
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>The block's type.</summary>
    public const string Type = "tool_reference";

    /// <summary>Reads one.</summary>
    public static TextPart Read(JsonFields block)
    {
        var name = block.RequiredText("tool_name", "the name of a tool on offer");
        return new TextPart($"The tool '{name}' was found and can be called.", new Extra(Format, []) { Marks = [new(Type, block.Element.GetRawText())] });
    }

    /// <summary>The block as it came, for its own format; null for any other text.</summary>
    public static string? Of(TextPart text) =>
        string.Equals(text.Extra?.Format, Format, StringComparison.Ordinal) ? Extras.Find(text.Extra, Type) : null;
}
