using System.Runtime.InteropServices;

namespace Sommelier.Routing;

/// <summary>Orders the candidates that passed every constraint, best first. The order is also the order of fallback.</summary>
public interface IRoutingStrategy
{
    /// <summary>The name in a policy, e.g. <c>cheapest</c>.</summary>
    string Name { get; }

    /// <summary>The place of a candidate; smaller is better. Ties are broken by id.</summary>
    RankKey KeyOf(RankField field, in Candidate candidate);

    /// <summary>The reason token when the candidate comes first.</summary>
    RouteReason ReasonFor(RankField field, in Candidate winner);
}

/// <summary>A place in an order, compared part by part; smaller is better.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RankKey(int Tier, double First, double Second = 0, double Third = 0) : IComparable<RankKey>
{
    /// <inheritdoc/>
    public int CompareTo(RankKey other)
    {
        if (Tier != other.Tier)
        {
            return Tier < other.Tier ? -1 : 1;
        }

        var order = Compare(First, other.First);
        order = order != 0 ? order : Compare(Second, other.Second);
        return order != 0 ? order : Compare(Third, other.Third);

        // Faster than CompareTo, which also orders NaN: no term is one.
        static int Compare(double a, double b) => a < b ? -1 : a > b ? 1 : 0;
    }

    /// <summary>Whether one is the better place.</summary>
    public static bool operator <(RankKey left, RankKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is the worse place.</summary>
    public static bool operator >(RankKey left, RankKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is no worse a place.</summary>
    public static bool operator <=(RankKey left, RankKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is no better a place.</summary>
    public static bool operator >=(RankKey left, RankKey right) => left.CompareTo(right) >= 0;
}
