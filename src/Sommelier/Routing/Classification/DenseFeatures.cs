namespace Sommelier.Routing.Classification;

/// <summary>Where each dense signal stands: three places per cue concept, then the shape of the text.</summary>
internal static class DenseFeatures
{
    public const int ShapeStart = CueLexicon.MaxConcepts * 3;
    public const int Count = ShapeStart + TextShape.Count;

    /// <summary>An instruction stands within this many units of an end; a cue further in is more likely quoted text.</summary>
    private const int NearUnits = 200;

    public static void NoteCue(Span<float> dense, int concept, int position, int length)
    {
        var at = concept * 3;
        dense[at] = 1;
        if (position <= NearUnits)
        {
            dense[at + 1] = 1;
        }

        if (position >= length - NearUnits)
        {
            dense[at + 2] = 1;
        }
    }

    public static bool HasCue(ReadOnlySpan<float> dense, int concept) => dense[concept * 3] > 0;
}
