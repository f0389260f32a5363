using System.Globalization;

namespace Sommelier.Routing;

/// <summary>Turns a piece of a condition into the value that its field asks for.</summary>
internal static class ConditionValues
{
    /// <summary>A number: <c>0.5</c>, <c>20k</c>, <c>1.5M</c> or <c>60%</c>.</summary>
    public static double Number(ConditionToken token)
    {
        var text = token.Text.AsSpan();
        var scale = text.IsEmpty ? 1 : text[^1] switch { 'k' => 1e3, 'M' => 1e6, '%' => 0.01, _ => 1 };
        return token.Kind == ConditionTokenKind.Word
            && double.TryParse(scale == 1 ? text : text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? number * scale
                : throw Wrong(token, $"{token} is not a number", "Write one like 0.5, 20k, 1.5M or 60%");
    }

    /// <summary>Minutes since midnight; 24:00 is the end of the day.</summary>
    public static int Time(ConditionToken token)
    {
        var parts = token.Text.Split(':');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            && minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0))
                ? (hours * 60) + minutes
                : throw Wrong(token, $"{token} is not a time", "Write one like 22:30");
    }

    /// <summary>A word: one of the known ones where the field has only these.</summary>
    public static string Word(ConditionToken token, IReadOnlyList<string> known)
    {
        if (token.Kind is not (ConditionTokenKind.Word or ConditionTokenKind.Text))
        {
            throw Wrong(token, $"{token} stands where a value was expected", known.Count == 0 ? "Write a text, between quotes where it has blanks" : $"Write one of {string.Join(", ", known)}");
        }

        return known.Count == 0 || known.Contains(token.Text, StringComparer.Ordinal)
            ? token.Text
            : throw Wrong(token, $"{token} is none of the field's values", Remedy(token.Text, known));
    }

    /// <summary>The known name that was probably meant, else all of them.</summary>
    public static string Remedy(string name, IReadOnlyList<string> known)
    {
        var (nearest, distance) = known.Select(other => (other, CloseMatches.Distance(name, other))).MinBy(match => match.Item2);
        return distance <= Math.Max(1, name.Length / 3) ? $"Did you mean {nearest}?" : $"There are: {string.Join(", ", known)}";
    }

    private static ConditionException Wrong(ConditionToken token, string what, string remedy) => new(new(token.Start + 1, what, remedy));
}
