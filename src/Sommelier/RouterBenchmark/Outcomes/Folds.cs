using Sommelier.Routing;

namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>Which part a question is in: a hash of question and seed, so that copies of a question are always in the same one.</summary>
internal static class Folds
{
    /// <summary>The part of a row, from 0 to below the number of parts.</summary>
    public static int Of(OutcomeRow row, int parts, long seed) => (int)(Order(row, seed) % (ulong)parts);

    /// <summary>A row's place in an order that has nothing to do with the parts: the first N are a sample of N.</summary>
    public static ulong SampleOrder(OutcomeRow row, long seed) => Order(row, ~seed);

    private static ulong Order(OutcomeRow row, long seed)
    {
        var hash = new StableHash();
        hash.Add(seed);
        hash.Add(row.Question);
        return hash.Value;
    }
}
