namespace Sommelier.Routing;

/// <summary>The script that most letters of the last user turn are written in. Scripts differ in bytes per token.</summary>
public enum Script
{
    /// <summary>Latin letters, or no letters at all.</summary>
    Latin,

    /// <summary>Han characters without kana: Chinese.</summary>
    Han,

    /// <summary>Kana, with or without Han: Japanese.</summary>
    Kana,

    /// <summary>Hangul: Korean.</summary>
    Hangul,

    /// <summary>Cyrillic.</summary>
    Cyrillic,

    /// <summary>Arabic.</summary>
    Arabic,

    /// <summary>Any other.</summary>
    Other,
}
