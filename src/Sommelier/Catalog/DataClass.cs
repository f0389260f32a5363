namespace Sommelier.Catalog;

/// <summary>How delicate the data of a request is, in rising order.</summary>
public enum DataClass
{
    /// <summary>Anybody may read it.</summary>
    Public,

    /// <summary>For the organisation.</summary>
    Internal,

    /// <summary>For few.</summary>
    Confidential,
}
