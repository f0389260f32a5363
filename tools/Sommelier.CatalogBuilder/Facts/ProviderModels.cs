using Sommelier.Catalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>What will be written for one provider.</summary>
public sealed record ProviderModels(string Name, List<Deployment> Models, List<Tombstone> Gone, SortedDictionary<string, string> Aliases);
