namespace Sommelier.Routing.Constraints;

/// <summary>Requests stay in the regions that policy and caller name; an unknown region is in none.</summary>
internal sealed class RegionConstraint : IConstraint
{
    public string Name => "region";

    public bool MayObject(RouteContext context) => context.Policy.Regions.Count > 0 || context.Query.Hints.Regions.Count > 0;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        IsIn(context.Policy.Regions, candidate.Deployment.Region) && IsIn(context.Query.Hints.Regions, candidate.Deployment.Region);

    public string Explain(RouteContext context, in Candidate candidate)
    {
        var region = candidate.Deployment.Region.Length > 0 ? $"it runs in {candidate.Deployment.Region}" : "its region is unknown";
        return IsIn(context.Policy.Regions, candidate.Deployment.Region)
            ? $"{region}; the caller allows {string.Join(", ", context.Query.Hints.Regions)}"
            : $"{region}; the policy '{context.Policy.Name}' allows {string.Join(", ", context.Policy.Regions)}";
    }

    // A region holds for its parts: eu for eu-west-1.
    private static bool IsIn(IReadOnlyList<string> regions, string region)
    {
        for (var i = 0; i < regions.Count; i++)
        {
            var allowed = regions[i];
            if (region.StartsWith(allowed, StringComparison.OrdinalIgnoreCase) && region.Length > 0
                && (region.Length == allowed.Length || region[allowed.Length] == '-'))
            {
                return true;
            }
        }

        return regions.Count == 0;
    }
}
