namespace Sommelier.Canonical;

/// <summary>What a piece of media is, for capability checks.</summary>
[Flags]
public enum MediaKind
{
    /// <summary>No media.</summary>
    None = 0,

    /// <summary>A picture.</summary>
    Image = 1,

    /// <summary>Sound.</summary>
    Audio = 2,

    /// <summary>Moving pictures.</summary>
    Video = 4,

    /// <summary>A document, for example a PDF.</summary>
    Document = 8,
}
