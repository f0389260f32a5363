using Sommelier.Catalog;
using Sommelier.Providers;

namespace Sommelier.Configuration.Building;

/// <summary>A model server that answered its own list endpoint.</summary>
/// <param name="Name">The provider's name: its kind, or the name that the configuration gives it.</param>
/// <param name="Provider">Facts of its kind.</param>
/// <param name="BaseAddress">Where requests go.</param>
/// <param name="Models">What it serves.</param>
internal sealed record LocalServer(string Name, Provider Provider, Uri BaseAddress, IReadOnlyList<LocalModel> Models);

/// <summary>A model that a local server lists.</summary>
/// <param name="Id">The name that is sent to it.</param>
/// <param name="Kind">What it is for, as far as the list tells.</param>
/// <param name="ContextWindow">Tokens, where the list tells.</param>
/// <param name="IsRemote">Whether the server only passes requests on to a cloud.</param>
internal sealed record LocalModel(string Id, ModelKind Kind = ModelKind.Chat, int? ContextWindow = null, bool IsRemote = false);
