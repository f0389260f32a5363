using System.Text;

namespace Sommelier.Canonical;

/// <summary>Snake-case names of an enum's members, as they stand in the journal, the store, the metrics and the log: <c>rate_limited</c>.</summary>
/// <remarks>Names rather than numbers, so that a new member in the middle never changes what is already written.</remarks>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();
    private static readonly string[] Names = Array.ConvertAll(Values, value => SnakeCase(value.ToString()));

    /// <summary>The name of a member.</summary>
    public static string Of(T value)
    {
        var index = Array.IndexOf(Values, value);
        return index < 0 ? throw new ArgumentOutOfRangeException(nameof(value), value, "Not a member.") : Names[index];
    }

    /// <summary>The member of a name, or null when there is none: it was written by another version.</summary>
    public static T? Parse(string? name)
    {
        var index = Array.IndexOf(Names, name);
        return index < 0 ? null : Values[index];
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
