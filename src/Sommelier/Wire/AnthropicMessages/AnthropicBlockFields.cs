using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Members of a block that only this format knows.</summary>
internal static class AnthropicBlockFields
{
    /// <summary>The members, those that say something apart from those that hold anyway.</summary>
    public static Extra Of(IReadOnlyList<KeyValuePair<string, string>> fields) => new(AnthropicMessagesFormat.FormatName, [.. fields.Where(static field => !HoldsAnyway(field))])
    {
        Marks = [.. fields.Where(HoldsAnyway)],
    };

    /// <summary>The same, of fields that were collected; null for none.</summary>
    public static Extra? Of(Extra? fields) => fields is null ? null : Of(fields.Fields);

    /// <summary>Whether a member says what holds without it: that the model itself calls a tool, which each call of newer answers tells.</summary>
    /// <remarks>Source: platform.claude.com/docs/en/agents-and-tools/tool-use/programmatic-tool-calling</remarks>
    public static bool HoldsAnyway(KeyValuePair<string, string> field) =>
        field.Key is "caller" && field.Value.Replace(" ", "", StringComparison.Ordinal) is """{"type":"direct"}""";
}
