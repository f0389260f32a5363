using System.Collections.Concurrent;
using System.Globalization;

namespace Sommelier.Evals.Graders;

/// <summary>Bounds the time of a grader that only computes: what takes longer is missing, not wrong, and names the grader and its limit.</summary>
/// <remarks>
/// A computation cannot be ended from outside, so its thread is left to itself. Each that is left takes a processor until the process ends;
/// of <see cref="MostLeft"/> of one kind that still run, no more are begun. Graders have limits or linear time of their own and a test that
/// holds them to it; this is for what nobody has foreseen.
/// </remarks>
/// <param name="kind">The kind's name.</param>
/// <param name="inner">What computes.</param>
/// <param name="limit">How long it may.</param>
internal sealed class TimedGrader(string kind, IComputedGrader inner, TimeSpan limit) : IGrader
{
    /// <summary>The setting, seconds, which every kind takes.</summary>
    public const string Setting = "timeout_seconds";

    /// <summary>Its default: far above what any grader takes for an answer of a megabyte on a busy machine.</summary>
    public const double UsualSeconds = 20;

    /// <summary>How many may run beyond their limit, of one kind.</summary>
    public const int MostLeft = 2;

    private static readonly ConcurrentDictionary<string, int> Left = new(StringComparer.Ordinal);

    /// <summary>A kind's grader, bounded where it only computes.</summary>
    public static IGrader Create(GraderKind kind, GraderSettings settings) => kind.Create(settings) is var made && made is IComputedGrader computed
        ? new TimedGrader(kind.Name, computed, TimeSpan.FromSeconds(settings.Number(Setting, UsualSeconds, min: 0.05, max: 300)))
        : made;

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        if (Left.GetValueOrDefault(kind) >= MostLeft)
        {
            return Grade.Missing(string.Create(CultureInfo.InvariantCulture, $"{kind} was not begun: {MostLeft} of them still run beyond their limit"));
        }

        var judging = Task.Run(() => inner.Judge(answer), CancellationToken.None);
        try
        {
            return await judging.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException) when (!judging.IsCompleted)
        {
            Left.AddOrUpdate(kind, 1, static (_, count) => count + 1);
            _ = judging.ContinueWith(_ => Left.AddOrUpdate(kind, 0, static (_, count) => count - 1), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return Grade.Missing(string.Create(CultureInfo.InvariantCulture, $"{kind} took longer than {limit.TotalSeconds:0.###} s, its limit ({Setting})"));
        }
        catch (TimeoutException)
        {
            // In the moment of its end.
            return await judging;
        }
    }
}
