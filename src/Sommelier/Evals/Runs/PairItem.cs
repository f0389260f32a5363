using System.Security.Cryptography;
using System.Text;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>Two models' answers to one case that are to be compared.</summary>
/// <param name="Suite">Its suite.</param>
/// <param name="Case">What was asked.</param>
/// <param name="First">Whose answer is the first; winning is its winning.</param>
/// <param name="Second">Whose is the second: the baseline where there is one.</param>
/// <param name="Repeat">Of which time, from 0.</param>
internal sealed record PairItem(Suite Suite, SuiteCase Case, Candidate First, Candidate Second, int Repeat)
{
    /// <summary>What tells it from every other of a run.</summary>
    public PairKey Key => new(Suite.Hash, Case.Id, First.Name, Second.Name, Repeat);

    /// <summary>The answer of one of the two; null while there is none.</summary>
    public EvalAnswer? AnswerOf(Candidate model, RunResults results) => results.Find(new(Suite.Hash, Case.Id, model.Name, Repeat))?.Answer;

    /// <summary>Whether there is a verdict on the answers as they are now.</summary>
    public bool IsDone(RunResults results, PairResults compared) =>
        AnswerOf(First, results) is { } first && AnswerOf(Second, results) is { } second && compared.IsDone(Key, Answers(first, second));

    /// <summary>Every comparison of a run, in the run's order: a part of it from its begin on is fair to all models.</summary>
    /// <param name="order">The run's answers.</param>
    /// <param name="models">Its models, the first of them the baseline where a suite names none.</param>
    public static IReadOnlyList<PairItem> Of(IReadOnlyList<WorkItem> order, IReadOnlyList<Candidate> models)
    {
        var items = new List<PairItem>();
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in order.Where(static item => item is { Suite.Compare: not null, Case.Output: null }).DistinctBy(static item => item.Place))
        {
            var compare = item.Suite.Compare!;
            foreach (var (first, second) in Pairs(compare, models))
            {
                var number = taken.GetValueOrDefault(item.Suite.Hash);
                if (compare.MaxPairs is not { } most || number < most)
                {
                    taken[item.Suite.Hash] = number + 1;
                    items.Add(new(item.Suite, item.Case, first, second, item.Repeat));
                }
            }
        }

        return items;
    }

    /// <summary>Tells two answers from every other two.</summary>
    public static string Answers(EvalAnswer first, EvalAnswer second)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var answer in (ReadOnlySpan<EvalAnswer>)[first, second])
        {
            hash.AppendData(BitConverter.GetBytes(answer.Text.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(answer.Text));
            foreach (var call in answer.ToolCalls)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"\n{call.Name}({call.Arguments})"));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static IEnumerable<(Candidate First, Candidate Second)> Pairs(SuiteComparison compare, IReadOnlyList<Candidate> models)
    {
        if (compare.Vs is SuiteComparison.EachOther)
        {
            return models.SelectMany((second, place) => models.Skip(place + 1).Select(first => (first, second)));
        }

        var baseline = compare.Vs is null && models is [var first, ..] ? first : models.FirstOrDefault(model => string.Equals(model.Name, compare.Vs, StringComparison.Ordinal));
        return baseline is null ? [] : models.Where(model => !ReferenceEquals(model, baseline)).Select(model => (model, baseline));
    }
}

/// <summary>What a comparison is of.</summary>
/// <param name="Suite">The suite's hash.</param>
/// <param name="Case">The case's id.</param>
/// <param name="First">The first candidate's name.</param>
/// <param name="Second">The second's.</param>
/// <param name="Repeat">Which time, from 0.</param>
internal readonly record struct PairKey(string Suite, string Case, string First, string Second, int Repeat);
