using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Wire.HostedTools;

/// <summary>Writes another format's web search as the target's own, and warns of what the target's cannot be told.</summary>
/// <remarks>Sources: see <see cref="WebSearchReader"/>.</remarks>
internal static class WebSearchWriter
{
    /// <summary>
    /// Whether a tool of another format goes to a target. A search does where the target's host has one; with everything else,
    /// the caller is told that it is dropped.
    /// </summary>
    public static bool Takes(ToolDefinition tool, WireQuirks quirks, ICollection<Warning> warnings)
    {
        if (tool.WebSearch is not null && quirks.WebSearch)
        {
            return true;
        }

        Lost(tool.Opaque!, tool.Place, warnings);
        return false;
    }

    /// <summary>Warns of a tool that the target's host does not run.</summary>
    public static void Lost(OpaquePart tool, FieldPath path, ICollection<Warning> warnings) =>
        warnings.Add(new Warning("dropped", path.ToString(), $"'{tool.Type}' is a tool that only its own vendor runs"));

    /// <summary>OpenAI's, for its responses.</summary>
    public static void OpenAI(ToolDefinition tool, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var search = tool.WebSearch!;
        writer.WriteStartObject();
        writer.WriteString("type", "web_search");
        if (search.AllowedDomains.Count > 0)
        {
            writer.WriteStartObject("filters");
            Texts("allowed_domains", search.AllowedDomains, writer);
            writer.WriteEndObject();
        }

        if (search.ContextSize is { } size)
        {
            writer.WriteString("search_context_size", size);
        }

        Location(search.Location, writer);
        writer.WriteEndObject();
        Lost(tool, warnings, (search.BlockedDomains.Count > 0, "blocked_domains"), (search.MaxUses is not null, "max_uses"));
        Extras.Warn(tool.Extra, tool.Place, warnings);
    }

    /// <summary>Anthropic's.</summary>
    public static void Anthropic(ToolDefinition tool, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var search = tool.WebSearch!;
        writer.WriteStartObject();
        writer.WriteString("type", "web_search_20250305");
        writer.WriteString("name", "web_search");
        if (search.MaxUses is { } most)
        {
            writer.WriteNumber("max_uses", most);
        }

        Texts("allowed_domains", search.AllowedDomains, writer);

        // One list or the other.
        var blocks = search.AllowedDomains.Count == 0;
        Texts("blocked_domains", blocks ? search.BlockedDomains : [], writer);
        Location(search.Location, writer);
        writer.WriteEndObject();
        Lost(tool, warnings, (!blocks && search.BlockedDomains.Count > 0, "blocked_domains"), (search.ContextSize is not null, "search_context_size"));
        Extras.Warn(tool.Extra, tool.Place, warnings);
    }

    /// <summary>Google's, which cannot be told anything that others can.</summary>
    public static void Google(ToolDefinition tool, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var search = tool.WebSearch!;
        writer.WriteStartObject();
        writer.WriteStartObject("googleSearch");
        writer.WriteEndObject();
        writer.WriteEndObject();
        Lost(
            tool, warnings, (search.AllowedDomains.Count > 0, "allowed_domains"), (search.BlockedDomains.Count > 0, "blocked_domains"),
            (search.MaxUses is not null, "max_uses"), (search.ContextSize is not null, "search_context_size"), (search.Location is not null, "user_location"));
        Extras.Warn(tool.Extra, tool.Place, warnings);
    }

    private static void Texts(string name, IReadOnlyList<string> texts, Utf8JsonWriter writer)
    {
        if (texts.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void Location(SearchLocation? place, Utf8JsonWriter writer)
    {
        if (place is null)
        {
            return;
        }

        writer.WriteStartObject("user_location");
        writer.WriteString("type", "approximate");
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("city", place.City), ("region", place.Region), ("country", place.Country), ("timezone", place.TimeZone)])
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }

        writer.WriteEndObject();
    }

    private static void Lost(ToolDefinition tool, ICollection<Warning> warnings, params ReadOnlySpan<(bool Given, string Name)> fields)
    {
        var hasFilters = string.Equals(tool.Opaque?.Format, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal);
        foreach (var (given, name) in fields)
        {
            if (given)
            {
                warnings.Add(new Warning("dropped", tool.Place.At(hasFilters && name.EndsWith("_domains", StringComparison.Ordinal) ? $"filters.{name}" : name).ToString(), "the target's web search has no such setting"));
            }
        }
    }
}
