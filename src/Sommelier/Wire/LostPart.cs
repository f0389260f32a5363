using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>A part of an answer that the caller's dialect has no place for: told by its own name, so that several can be told apart.</summary>
internal static class LostPart
{
    /// <summary>Tells that a part is left out; parts of one name are told once, with their number.</summary>
    /// <param name="part">The part.</param>
    /// <param name="parts">The answer that it is one of.</param>
    /// <param name="warnings">Takes the warning.</param>
    public static void Warn(ContentPart part, IReadOnlyList<ContentPart> parts, ICollection<Warning> warnings)
    {
        var name = NameOf(part);
        var (place, alike) = (0, 0);
        for (var i = 0; i < parts.Count; i++)
        {
            place = ReferenceEquals(parts[i], part) ? i + 1 : place;
            alike += string.Equals(NameOf(parts[i]), name, StringComparison.Ordinal) ? 1 : 0;
        }

        var lost = new Warning("dropped", name, alike == 1 ? $"part {place} of the answer has no place in this dialect" : $"{alike} parts of the answer have no place in this dialect");
        if (!warnings.Contains(lost))
        {
            warnings.Add(lost);
        }
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
