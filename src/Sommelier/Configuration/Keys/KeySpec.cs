namespace Sommelier.Configuration.Keys;

/// <summary>
/// One key of the configuration: the only description that there is of it. The reader, the JSON Schema and the reference
/// table in the documentation all come from here, so they cannot disagree.
/// </summary>
internal sealed record KeySpec
{
    /// <summary>The key; for <see cref="Others"/> the placeholder that documentation shows, e.g. <c>NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the value is.</summary>
    public required KeyKind Kind { get; init; }

    /// <summary>What it is for, in a sentence without a full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>The default as documentation shows it; empty when there is none.</summary>
    public string Default { get; init; } = "";

    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>The words of a <see cref="KeyKind.Choice"/>, or those that a <see cref="KeyKind.Duration"/> may be instead.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The least number, or seconds of a duration.</summary>
    public decimal? Min { get; init; }

    /// <summary>The greatest number, or seconds of a duration.</summary>
    public decimal? Max { get; init; }

    /// <summary>What a <see cref="KeyKind.List"/> holds.</summary>
    public KeySpec? Item { get; init; }

    /// <summary>The keys of a <see cref="KeyKind.Group"/>.</summary>
    public IReadOnlyList<KeySpec> Keys { get; init; } = [];

    /// <summary>What a group's further keys hold, when their names are the user's own.</summary>
    public KeySpec? Others { get; init; }

    /// <summary>The only names that <see cref="Others"/> may have; empty for any.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>The key of a group that a bare value fills: <c>models: [qwen]</c> is <c>models: [{ id: qwen }]</c>.</summary>
    public string Shorthand { get; init; } = "";

    /// <summary>What to write in place of a bare value, where <see cref="Shorthand"/> names no key for it; null: the group's keys are listed.</summary>
    public Func<string, string>? BareRemedy { get; init; }

    /// <summary>The key of this name in the group, fixed or other; null when there is none.</summary>
    public KeySpec? Find(string name)
    {
        foreach (var key in Keys)
        {
            if (string.Equals(key.Name, name, StringComparison.Ordinal))
            {
                return key;
            }
        }

        return Others is not null && (OtherNames.Count == 0 || OtherNames.Contains(name, StringComparer.Ordinal)) ? Others : null;
    }

    public static KeySpec Text(string name, string summary) => new() { Name = name, Kind = KeyKind.Text, Summary = summary };

    public static KeySpec Of(KeyKind kind, string name, string summary, string def = "", decimal? min = null, decimal? max = null) =>
        new() { Name = name, Kind = kind, Summary = summary, Default = def, Min = min, Max = max };

    public static KeySpec Choice(string name, string summary, params IReadOnlyList<string> choices) =>
        new() { Name = name, Kind = KeyKind.Choice, Summary = summary, Choices = choices };

    public static KeySpec List(string name, string summary, KeySpec? item = null) =>
        new() { Name = name, Kind = KeyKind.List, Summary = summary, Item = item ?? Text("item", summary) };

    public static KeySpec Group(string name, string summary, params IReadOnlyList<KeySpec> keys) =>
        new() { Name = name, Kind = KeyKind.Group, Summary = summary, Keys = keys };

    public static KeySpec Map(string name, string summary, KeySpec others, IReadOnlyList<string>? names = null) =>
        new() { Name = name, Kind = KeyKind.Group, Summary = summary, Others = others, OtherNames = names ?? [] };
}
