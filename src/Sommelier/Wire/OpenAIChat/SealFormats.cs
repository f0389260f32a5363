namespace Sommelier.Wire.OpenAIChat;

/// <summary>Whose seal an entry of <c>reasoning_details</c> carries, in OpenRouter's words: its member <c>format</c>.</summary>
/// <remarks>Source: OpenRouter's documentation of reasoning tokens.</remarks>
internal static class SealFormats
{
    /// <summary>The vendor of a word; null for an unknown one.</summary>
    public static string? Vendor(string? format) => format switch
    {
        "anthropic-claude-v1" => Seals.Anthropic,
        "google-gemini-v1" => Seals.Google,
        "openai-responses-v1" => Seals.OpenAI,
        _ => null,
    };

    /// <summary>The word for a vendor; null for none.</summary>
    public static string? Name(string? vendor) => vendor switch
    {
        Seals.Anthropic => "anthropic-claude-v1",
        Seals.Google => "google-gemini-v1",
        Seals.OpenAI => "openai-responses-v1",
        _ => null,
    };
}
