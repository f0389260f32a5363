using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>A part of an answer that the caller's dialect has no place for: told by its own name, so that several can be told apart.</summary>
internal static class LostPart
{
    /// <summary>Tells that a part is left out.</summary>
    /// <param name="part">The part.</param>
    /// <param name="parts">The answer that it is one of.</param>
    /// <param name="warnings">Takes the warning.</param>
    public static void Warn(ContentPart part, IReadOnlyList<ContentPart> parts, ICollection<Warning> warnings)
    {
        var place = 0;
        while (place < parts.Count && !ReferenceEquals(parts[place], part))
        {
            place++;
        }

        warnings.Add(new Warning("dropped", NameOf(part), $"part {place + 1} of the answer has no place in this dialect"));
    }

    /// <summary>The vendor's name for a kind of part, or what it is.</summary>
    private static string NameOf(ContentPart part) => part switch
    {
        OpaquePart opaque => opaque.Type,
        BlobPart blob => blob.MediaType,
        UriPart uri => EnumNames<MediaKind>.Of(uri.Kind),
        FilePart file => EnumNames<MediaKind>.Of(file.Kind),
        ReasoningPart => "reasoning",
        ToolCallPart => "tool_calls",
        ToolCallResponsePart => "tool_result",
        _ => "content",
    };
}
