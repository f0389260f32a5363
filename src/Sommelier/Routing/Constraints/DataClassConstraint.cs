namespace Sommelier.Routing.Constraints;

/// <summary>Delicate data goes only where the configuration clears it to go.</summary>
internal sealed class DataClassConstraint : IConstraint
{
    public string Name => "data_class";

    public bool MayObject(RouteContext context) => context.Data is not null;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        context.Data is not { } data || (candidate.Deployment.MaxDataClass ?? context.Policy.UnclearedData) >= data;

    public string Explain(RouteContext context, in Candidate candidate) =>
        candidate.Deployment.MaxDataClass is { } cleared
            ? $"the data is {Word(context.Data)}, it is cleared for {Word(cleared)} data"
            : $"the data is {Word(context.Data)}, and nobody has cleared it beyond {Word(context.Policy.UnclearedData)} data";

    private static string Word(Canonical.DataClass? data) => data switch
    {
        Canonical.DataClass.Confidential => "confidential",
        Canonical.DataClass.Internal => "internal",
        _ => "public",
    };
}
