using System.Globalization;
using Sommelier.Canonical;

namespace Sommelier.Routing.Constraints;

/// <summary>The expected success rate must reach what policy and caller ask.</summary>
internal sealed class MinQualityConstraint : IConstraint
{
    public string Name => "min_quality";

    public bool NeedsTerms => true;

    public bool MayObject(RouteContext context) => context.MinQuality is not null;

    // What is known of quality is about answers; of vectors nothing is.
    public bool Allows(RouteContext context, in Candidate candidate) =>
        context.Signals.Operation != Operation.Chat || !(candidate.QualityMean < context.MinQuality);

    public string Explain(RouteContext context, in Candidate candidate) =>
        string.Create(CultureInfo.InvariantCulture, $"expected to answer {candidate.QualityMean:P1} of such requests well, {context.MinQuality:P1} are asked");
}
