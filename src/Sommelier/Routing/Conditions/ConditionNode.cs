namespace Sommelier.Routing;

/// <summary>A part of a condition that holds or does not.</summary>
internal abstract class ConditionNode
{
    public abstract bool Holds(ConditionInput input);
}

internal sealed class AndNode(ConditionNode left, ConditionNode right) : ConditionNode
{
    public override bool Holds(ConditionInput input) => left.Holds(input) && right.Holds(input);
}

internal sealed class OrNode(ConditionNode left, ConditionNode right) : ConditionNode
{
    public override bool Holds(ConditionInput input) => left.Holds(input) || right.Holds(input);
}

internal sealed class NotNode(ConditionNode inner) : ConditionNode
{
    public override bool Holds(ConditionInput input) => !inner.Holds(input);
}

internal sealed class ConstantNode(bool value) : ConditionNode
{
    public override bool Holds(ConditionInput input) => value;
}

internal sealed class FlagNode(FlagField field) : ConditionNode
{
    public override bool Holds(ConditionInput input) => field.Get(input);
}

/// <summary>A number between two bounds; what is not known lies nowhere.</summary>
internal sealed class NumberNode(NumberField field, Bounds bounds) : ConditionNode
{
    public override bool Holds(ConditionInput input) => field.Get(input) is { } value && bounds.Hold(value);
}

/// <summary>A time between two bounds; bounds in reverse order pass over midnight.</summary>
internal sealed class TimeNode(TimeField field, Bounds bounds) : ConditionNode
{
    public override bool Holds(ConditionInput input)
    {
        var value = field.Get(input);
        return bounds.Low <= bounds.High ? bounds.Hold(value) : value >= bounds.Low || value < bounds.High;
    }
}

/// <summary>One of several words.</summary>
internal sealed class WordNode(WordField field, string[] wanted) : ConditionNode
{
    public override bool Holds(ConditionInput input) => field.Get(input) is { } word && Array.IndexOf(wanted, word) >= 0;
}

/// <summary>A word that stands between two others in the field's order.</summary>
internal sealed class OrderedWordNode(WordField field, Bounds bounds) : ConditionNode
{
    private readonly string[] words = [.. field.Words];

    public override bool Holds(ConditionInput input) => field.Get(input) is { } word && bounds.Hold(Array.IndexOf(words, word));
}

/// <summary>A text like a pattern in which <c>*</c> stands for any letters.</summary>
internal sealed class PatternNode(WordField field, string pattern) : ConditionNode
{
    public override bool Holds(ConditionInput input) =>
        field.Get(input) is { } text && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}

/// <summary>A set that holds a word.</summary>
internal sealed class HasNode(WordsField field, string word) : ConditionNode
{
    public override bool Holds(ConditionInput input) => field.Has(input, word);
}

/// <summary>A stretch of numbers.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="OpenLow">Whether the lower end does not belong to it.</param>
/// <param name="OpenHigh">Whether the upper end does not belong to it.</param>
internal sealed record Bounds(double Low, double High, bool OpenLow = false, bool OpenHigh = false)
{
    /// <summary>What an operator leaves of the numbers, beside the value on its right.</summary>
    public static Bounds Of(string comparison, double value) => comparison switch
    {
        "<" => new(double.NegativeInfinity, value, OpenHigh: true),
        "<=" => new(double.NegativeInfinity, value),
        ">" => new(value, double.PositiveInfinity, OpenLow: true),
        ">=" => new(value, double.PositiveInfinity),
        _ => new(value, value),
    };

    public bool Hold(double value) =>
        (OpenLow ? value > Low : value >= Low) && (OpenHigh ? value < High : value <= High);
}
