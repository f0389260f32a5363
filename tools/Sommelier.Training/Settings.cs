namespace Sommelier.Training;

/// <summary>The knobs of one training run; the defaults are what the shipped weights were trained with.</summary>
internal sealed record Settings
{
    public int Epochs { get; init; } = 20;

    /// <summary>First step size; it falls linearly to a twentieth.</summary>
    public float Rate { get; init; } = 2f;

    public float Decay { get; init; } = 2e-6f;

    /// <summary>A source's rows weigh (its size)^-this: a big source must not drown the others.</summary>
    public float SourceBalance { get; init; } = 0.5f;

    public float LabelBalance { get; init; } = 0.3f;

    /// <summary>Weight of rows that a person wrote as a request, over templates.</summary>
    public float NaturalWeight { get; init; } = 2f;

    /// <summary>Weight of the prompts written for this project, over public rows; on top of the other weights.</summary>
    public float OwnWeight { get; init; } = 0.8f;

    public float Smoothing { get; init; } = 0.1f;

    /// <summary>Share of steps that see the dense signals only, so that cues learn to carry languages with few rows.</summary>
    public float GramDropout { get; init; }

    /// <summary>Share of steps that see the n-grams only.</summary>
    public float DenseDropout { get; init; } = 0.05f;

    /// <summary>Share of single features left out at each step.</summary>
    public float FeatureDropout { get; init; } = 0.15f;

    /// <summary>Value of a dense signal that is on, against a norm of one for all n-grams together.</summary>
    public float DenseValue { get; init; } = 0.12f;

    /// <summary>Buckets seen in fewer training rows carry no weight.</summary>
    public int MinRows { get; init; } = 2;

    /// <summary>Buckets seen in fewer sources carry no weight: they name a source, not a task.</summary>
    public int MinSources { get; init; } = 5;

    /// <summary>Learn the labels that the sources give, right or wrong.</summary>
    public bool SourceLabels { get; init; }

    public int Seed { get; init; } = 20261123;

    /// <summary>Reads <c>Name=value</c>; for experiments.</summary>
    public Settings With(string assignment)
    {
        var parts = assignment.Split('=', 2);
        var value = float.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return parts[0] switch
        {
            nameof(Epochs) => this with { Epochs = (int)value },
            nameof(Rate) => this with { Rate = value },
            nameof(Decay) => this with { Decay = value },
            nameof(SourceBalance) => this with { SourceBalance = value },
            nameof(LabelBalance) => this with { LabelBalance = value },
            nameof(NaturalWeight) => this with { NaturalWeight = value },
            nameof(OwnWeight) => this with { OwnWeight = value },
            nameof(Smoothing) => this with { Smoothing = value },
            nameof(GramDropout) => this with { GramDropout = value },
            nameof(DenseDropout) => this with { DenseDropout = value },
            nameof(FeatureDropout) => this with { FeatureDropout = value },
            nameof(DenseValue) => this with { DenseValue = value },
            nameof(MinRows) => this with { MinRows = (int)value },
            nameof(MinSources) => this with { MinSources = (int)value },
            nameof(SourceLabels) => this with { SourceLabels = value > 0 },
            nameof(Seed) => this with { Seed = (int)value },
            _ => throw new ArgumentException($"--set: there is no setting '{parts[0]}'; see tools/Sommelier.Training/Settings.cs."),
        };
    }
}
