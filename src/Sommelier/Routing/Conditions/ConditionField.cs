namespace Sommelier.Routing;

/// <summary>Something that conditions may ask about a request. One line of <see cref="ConditionFields"/>.</summary>
/// <param name="Name">The word in conditions.</param>
/// <param name="Summary">What it is, with its unit, for the documentation.</param>
internal abstract record ConditionField(string Name, string Summary)
{
    /// <summary>What its values are, for error messages and the documentation.</summary>
    public abstract string Kind { get; }
}

/// <summary>Yes or no; stands alone as a condition.</summary>
internal sealed record FlagField(string Name, string Summary, Func<ConditionInput, bool> Get) : ConditionField(Name, Summary)
{
    public override string Kind => "true or false";
}

/// <summary>A number; null when it is not known.</summary>
internal sealed record NumberField(string Name, string Summary, Func<ConditionInput, double?> Get) : ConditionField(Name, Summary)
{
    public override string Kind => "a number";
}

/// <summary>A moment of the day, in minutes since midnight.</summary>
internal sealed record TimeField(string Name, string Summary, Func<ConditionInput, int> Get) : ConditionField(Name, Summary)
{
    public override string Kind => "a time like 22:30";
}

/// <summary>
/// One word, null when it is not known. <c>Words</c> are the only values there are, empty for any text; when they are
/// <c>Ordered</c>, from less to more, they may be compared with &lt; and &gt;.
/// </summary>
internal sealed record WordField(string Name, string Summary, IReadOnlyList<string> Words, Func<ConditionInput, string?> Get, bool Ordered = false)
    : ConditionField(Name, Summary)
{
    public override string Kind => Words.Count == 0 ? "a text" : $"one of {string.Join(", ", Words)}";
}

/// <summary>Several words at once. <c>Words</c> are the only values there are; empty for any text.</summary>
internal sealed record WordsField(string Name, string Summary, IReadOnlyList<string> Words, Func<ConditionInput, string, bool> Has)
    : ConditionField(Name, Summary)
{
    public override string Kind => Words.Count == 0 ? "several texts" : $"any of {string.Join(", ", Words)}";
}
