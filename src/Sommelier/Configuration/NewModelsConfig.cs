namespace Sommelier.Configuration;

/// <summary>That models which the catalog did not have before are run on suites by themselves, and how.</summary>
internal sealed record NewModelsConfig
{
    /// <summary>Suite files, in the order in which they are run.</summary>
    public required IReadOnlyList<string> Suites { get; init; }

    /// <summary>USD that all of it may cost on one day (UTC), judges included.</summary>
    public required decimal MaxUsdPerDay { get; init; }

    /// <summary>Providers whose models count; empty for all.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Models that count, by their own id or <c>provider/model</c>, with <c>*</c> at the end for any rest; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Cases that a model is asked before it is decided whether the rest is worth its money.</summary>
    public int FirstLookCases { get; init; } = 30;

    /// <summary>How far below the best known model, 0 to 1, a model may stay and still be asked the rest when it is cheaper.</summary>
    public double FirstLookGap { get; init; } = 0.15;

    /// <summary>What becomes of a finished run.</summary>
    public NewModelsPublish Publish { get; init; }
}

/// <summary>What becomes of a run that was made by itself.</summary>
internal enum NewModelsPublish
{
    /// <summary>A version of the quality table that nothing uses until somebody puts it in force.</summary>
    Shadow,

    /// <summary>A version that is in force at once.</summary>
    Live,

    /// <summary>Nothing; it can be published by hand.</summary>
    None,
}
