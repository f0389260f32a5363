namespace Sommelier.Canonical;

/// <summary>Where the caller wrote something, e.g. <c>messages[2].content[0]</c>, in its own dialect's words; unknown by default.</summary>
/// <remarks>
/// Joined into text only where a warning or an error names it. It says nothing about what stands there: two pieces that say
/// the same are equal wherever they stood, so all places are.
/// </remarks>
/// <param name="parent">The path of what it stands in, or its whole path; empty at the top.</param>
/// <param name="name">Its name there; null where <paramref name="parent"/> says it all.</param>
/// <param name="index">Its place in the list of that name; -1 where the name is its own.</param>
internal readonly struct FieldPath(string parent, string? name = null, int index = -1) : IEquatable<FieldPath>
{
    /// <summary>Whether somebody wrote it: what the gateway adds by itself stands nowhere.</summary>
    public bool IsKnown => parent is not null;

    /// <summary>A path as a place.</summary>
    public static implicit operator FieldPath(string path) => new(path);

    /// <summary>The same, or another place where this one is unknown.</summary>
    public FieldPath Or(FieldPath other) => IsKnown ? this : other;

    /// <summary>What the name of a member begins with that stands not here, but in what this stands in.</summary>
    public const string Around = "../";

    /// <summary>A member of what stands here.</summary>
    public FieldPath At(string member) =>
        member.StartsWith(Around, StringComparison.Ordinal) ? new(name is null ? "" : parent, member[Around.Length..])
        : IsKnown ? new(ToString(), member)
        : new(member);

    /// <inheritdoc/>
    public bool Equals(FieldPath other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FieldPath;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString()
    {
        if (name is null)
        {
            return parent ?? "";
        }

        var path = parent.Length == 0 ? name : $"{parent}.{name}";
        return index < 0 ? path : $"{path}[{index}]";
    }

    /// <summary>Always true: see the remarks.</summary>
    public static bool operator ==(FieldPath left, FieldPath right) => left.Equals(right);

    /// <summary>Always false.</summary>
    public static bool operator !=(FieldPath left, FieldPath right) => !left.Equals(right);
}
