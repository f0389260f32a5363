namespace Sommelier.Catalog;

/// <summary>A model name that somebody wrote down.</summary>
/// <param name="Name"><c>provider/model</c>, a canonical id or an alias.</param>
/// <param name="Where">Where it was found: a configuration path, a file and line, "12 requests last week".</param>
public readonly record struct PinnedName(string Name, string Where);
