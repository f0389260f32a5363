using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>
/// Vectors of different models cannot be compared, even where they are equally long. A request for them means one model by
/// name; another provider may serve it, another model may not.
/// </summary>
internal static class OneModel
{
    private const int MostNamed = 6;

    /// <summary>Refuses what means any model; a name means deployments of one.</summary>
    public static NamedModels Hold(RouteQuery query, NamedModels named) =>
        named.Error is null && named.Deployments is null ? Refused(query) : named;

    private static NamedModels Refused(RouteQuery query)
    {
        var served = query.Catalog.Deployments.Where(static deployment => deployment.Kind == ModelKind.Embedding)
            .Select(static deployment => deployment.CanonicalModel).Distinct(StringComparer.Ordinal).Take(MostNamed + 1).ToArray();
        var remedy = served.Length == 0 ? "No embedding model is configured here."
            : $"Name one: {string.Join(", ", served.Take(MostNamed))}{(served.Length > MostNamed ? " …" : "")}.";
        return new()
        {
            Error = GatewayError.Invalid("model", $"'{query.Model}' means any model, and vectors of different models cannot be compared. {remedy}"),
        };
    }
}
