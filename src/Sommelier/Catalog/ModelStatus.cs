namespace Sommelier.Catalog;

/// <summary>Where a model stands in its life, in order.</summary>
public enum ModelStatus
{
    /// <summary>Talked about; nothing to call.</summary>
    Rumoured,

    /// <summary>Announced by its maker; nothing to call yet.</summary>
    Announced,

    /// <summary>Callable, without the promises of a released model.</summary>
    Preview,

    /// <summary>Released and supported.</summary>
    Active,

    /// <summary>Still callable; its maker advises against it.</summary>
    Deprecated,

    /// <summary>No longer callable.</summary>
    Retired,
}
