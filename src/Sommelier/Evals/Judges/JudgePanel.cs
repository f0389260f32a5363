using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Judges;

/// <summary>The judges of an expectation: the pinned ones, or the suite's own. None of them may be a model that is judged.</summary>
/// <param name="names">Their models; null stands for the suite's own.</param>
internal sealed class JudgePanel(IReadOnlyList<string?> names)
{
    /// <summary>The panel that settings name: <c>judge</c>, one or a list.</summary>
    public static JudgePanel Of(GraderSettings settings) => new(settings.Json("judge") is null ? [null] : [.. settings.Texts("judge")]);

    /// <summary>How many there are.</summary>
    public int Count => names.Count;

    /// <summary>Why nobody may judge, as a clause; null when they may.</summary>
    public string? Refusal(IJudgeModels models, params ReadOnlySpan<string?> contestants)
    {
        foreach (var contestant in contestants)
        {
            var judged = contestant is null ? null : models.IdentityOf(contestant);
            foreach (var name in names)
            {
                if (judged is not null && string.Equals(models.IdentityOf(name), judged, StringComparison.OrdinalIgnoreCase))
                {
                    return $"the judge {name ?? judged} is the model under test; name another";
                }
            }
        }

        return null;
    }

    /// <summary>Their names; null stands for the suite's own.</summary>
    public IReadOnlyList<string?> Names => names;

    /// <summary>Each judge's reply, in their order; null with the problem where one did not answer.</summary>
    public async Task<IReadOnlyList<(string Name, string? Reply, string Problem)>> AskAsync(IJudgeModels models, string system, string user, CancellationToken cancellationToken) =>
        await Task.WhenAll(names.Select(async (name, place) =>
        {
            try
            {
                return (name ?? "judge", await models.AskAsync(name, system, user, Earlier(name, place), cancellationToken), "");
            }
            catch (JudgeException exception)
            {
                return (name ?? "judge", (string?)null, exception.Message);
            }
        }));

    // A judge that is named twice votes twice, and is asked twice.
    private int Earlier(string? name, int place) => names.Take(place).Count(other => string.Equals(other, name, StringComparison.Ordinal));
}
