namespace Sommelier.Evals.Suites;

/// <summary>Cases that belong together, with how they are asked and graded.</summary>
internal sealed record Suite
{
    /// <summary>The suite's name, e.g. <c>extraction</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What its author calls this version; empty when not said. <see cref="Hash"/> is what counts.</summary>
    public string Version { get; init; } = "";

    /// <summary>What it measures.</summary>
    public string Description { get; init; } = "";

    /// <summary>The file it was read from, as it was named.</summary>
    public required string File { get; init; }

    /// <summary>Hash of everything that decides what is asked and how it is graded; comments and order of keys are not in it.</summary>
    public required string Hash { get; init; }

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<SuiteCase> Cases { get; init; }

    /// <summary>The model that rubrics are judged with, <c>provider/model</c>; null for none.</summary>
    public string? Judge { get; init; }

    /// <summary>The model that similarity is measured with, <c>provider/model</c>; null for none.</summary>
    public string? Embedder { get; init; }

    /// <summary>How answers are held against each other; null: they are not.</summary>
    public SuiteComparison? Compare { get; init; }

    /// <summary>What a run may spend.</summary>
    public SuiteBudget Budget { get; init; } = new();

    /// <summary>When a run may end before all cases were asked; null: at the end.</summary>
    public SuiteStop? Stop { get; init; }

    /// <summary>What a run is held against; null: nothing.</summary>
    public SuiteGate? Gate { get; init; }
}

/// <summary>What a run may spend; null is no limit.</summary>
/// <param name="Usd">Generation and judging together.</param>
/// <param name="Calls">Calls of models under test.</param>
/// <param name="Time">From the first call on.</param>
internal sealed record SuiteBudget(decimal? Usd = null, int? Calls = null, TimeSpan? Time = null);

/// <summary>When a comparison may end early. Valid at any time: looking often does not make it wrong more often.</summary>
/// <param name="Alpha">The chance of a wrong end.</param>
/// <param name="MinCases">Cases before the first look.</param>
/// <param name="Equivalent">Models nearer than this count as equal, 0 to 1.</param>
internal sealed record SuiteStop(double Alpha = 0.05, int MinCases = 20, double Equivalent = 0.02);

/// <summary>When a run fails a comparison.</summary>
/// <param name="Vs">The model or run that it is compared with; null: the first model of the run.</param>
/// <param name="MaxRegression">How much worse is still fine, 0 to 1.</param>
/// <param name="Alpha">The chance of a wrong verdict, over all models together.</param>
internal sealed record SuiteGate(string? Vs = null, double MaxRegression = 0.02, double Alpha = 0.05);
