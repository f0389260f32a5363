namespace Sommelier.Catalog;

/// <summary>How urgent a pinned model name is, in rising order.</summary>
public enum PinState
{
    /// <summary>No end is known.</summary>
    Fine,

    /// <summary>The catalog does not know the name: nothing can be said.</summary>
    Unknown,

    /// <summary>Its maker advises against it; its end is more than 90 days away or not announced.</summary>
    Deprecated,

    /// <summary>It ends within 90 days.</summary>
    EndsWithin90Days,

    /// <summary>It ends within 30 days.</summary>
    EndsWithin30Days,

    /// <summary>It no longer answers.</summary>
    Retired,
}
