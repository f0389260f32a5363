using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Routing;

namespace Sommelier.Evals.Runs;

/// <summary>Makes simulated models as good as the catalog says that the real ones are: they are told a case's reference answer, and give it that often.</summary>
/// <remarks>
/// What they get right is drawn with the catalog's quality of (model, intent) as the chance, by a hash of model, case and
/// repeat: every run of a suite gives the same results, and no figure of it says anything that the catalog does not say
/// already. Harder cases are harder for all: half of the draw is the case's own. Everything that comes of it is marked as
/// simulated.
/// </remarks>
internal sealed class SimulatedExam
{
    // Flows with the call down to where the network would be.
    private readonly AsyncLocal<WorkItem?> asking = new();

    /// <summary>The next call of this flow is about an item.</summary>
    public void Ask(WorkItem item) => asking.Value = item;

    /// <summary>What the simulated model answers; null when it does not know.</summary>
    /// <param name="request">What it is asked.</param>
    /// <param name="quality">The chance that a deployment is right at an intent.</param>
    public IReadOnlyList<ContentPart>? Answer(ChatRequest request, Func<WorkItem, double> quality)
    {
        if (asking.Value is not { Case.Reference: { } reference } item || request.Embedding is not null || Draw(item) >= quality(item))
        {
            return null;
        }

        return reference.Text.Length == 0 ? reference.ToolCalls : [new TextPart(reference.Text), .. reference.ToolCalls];
    }

    // The mean of two even draws is not even; its own distribution function makes it so again.
    private static double Draw(WorkItem item)
    {
        var mean = (Uniform(item.Case.Id) + Uniform(string.Create(CultureInfo.InvariantCulture, $"{item.Model.Name}\n{item.Case.Id}\n{item.Repeat}"))) / 2;
        return mean < 0.5 ? 2 * mean * mean : 1 - (2 * (1 - mean) * (1 - mean));
    }

    private static double Uniform(string text)
    {
        var hash = new StableHash();
        hash.Add(text.AsSpan());
        return (hash.Value >> 11) / (double)(1UL << 53);
    }
}
