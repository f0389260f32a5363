using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Notes on what was just read where it stood.</summary>
internal static class Places
{
    /// <summary>Notes it on a part that does not know it yet.</summary>
    public static T Placed<T>(this T part, FieldPath place)
        where T : ContentPart
    {
        part.Place = part.Place.Or(place);
        return part;
    }

    /// <summary>Notes it on each of a list's parts from an index on.</summary>
    public static void Placed(this List<ContentPart> parts, int from, FieldPath place)
    {
        for (var i = from; i < parts.Count; i++)
        {
            parts[i].Placed(place);
        }
    }
}
