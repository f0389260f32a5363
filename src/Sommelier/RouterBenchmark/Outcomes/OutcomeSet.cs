namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>Where the costs of a set come from.</summary>
internal enum CostSource
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>USD per question as the file has them.</summary>
    Recorded,

    /// <summary>List prices on estimated tokens: four characters a token, and where no answer's length is known, the router's own estimate.</summary>
    ListPrices,
}

/// <summary>Questions that the same models answered.</summary>
internal sealed record OutcomeSet
{
    /// <summary>The file's name, and for a file of several benchmarks theirs, e.g. <c>routellm_pairwise/mmlu</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The models that a router may choose, in the order of every row's scores. A pair is weak, strong.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The questions, each with a score for every model.</summary>
    public required IReadOnlyList<OutcomeRow> Rows { get; init; }

    /// <summary>Whether it is about the choice between a weak and a strong model.</summary>
    public bool IsPair { get; init; }

    /// <summary>Where the rows' costs come from.</summary>
    public CostSource Costs { get; init; }

    /// <summary>Models of the file that answered too few of the questions.</summary>
    public int ModelsLeftOut { get; init; }

    /// <summary>Rows of the file without a score for every model, or marked <c>excluded</c>.</summary>
    public int RowsLeftOut { get; init; }
}
