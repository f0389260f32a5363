using System.Runtime.InteropServices;

namespace Sommelier.Routing;

/// <summary>A candidate's key with its position, which is the order of ids: no two places are equal.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(RankKey Key, int Candidate) : IComparable<Place>
{
    public int CompareTo(Place other)
    {
        var order = Key.CompareTo(other.Key);
        return order != 0 ? order : Candidate.CompareTo(other.Candidate);
    }

    public static bool operator <(Place left, Place right) => left.CompareTo(right) < 0;

    public static bool operator >(Place left, Place right) => left.CompareTo(right) > 0;

    public static bool operator <=(Place left, Place right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Place left, Place right) => left.CompareTo(right) >= 0;
}
