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

    /// <summary>Refuses what means any model, and what means several.</summary>
    public static NamedModels Hold(RouteQuery query, NamedModels named)
    {
        if (named.Error is not null)
        {
            return named;
        }

        if (named.Deployments is { } some)
        {
            return Same(some) ? named : Refused(query, "several models");
        }

        return Refused(query, "any model");
    }

    private static bool Same(IReadOnlyList<Deployment> deployments)
    {
        foreach (var deployment in deployments)
        {
            if (!string.Equals(deployment.CanonicalModel, deployments[0].CanonicalModel, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static NamedModels Refused(RouteQuery query, string means)
    {
        var served = query.Catalog.Deployments.Where(static deployment => deployment.Kind == ModelKind.Embedding)
            .Select(static deployment => deployment.CanonicalModel).Distinct(StringComparer.Ordinal).Take(MostNamed + 1).ToArray();
        var remedy = served.Length == 0 ? "No embedding model is configured here."
            : $"Name one: {string.Join(", ", served.Take(MostNamed))}{(served.Length > MostNamed ? " …" : "")}.";
        return new()
        {
            Error = GatewayError.Invalid("model", $"'{query.Model}' means {means}, and vectors of different models cannot be compared. {remedy}"),
        };
    }
}
