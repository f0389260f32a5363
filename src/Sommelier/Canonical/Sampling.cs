namespace Sommelier.Canonical;

/// <summary>How the next token is drawn. A null means that the caller did not say.</summary>
public sealed record Sampling
{
    /// <summary>Whether a temperature or <c>top_p</c> is 1, the default everywhere: nothing is lost without it.</summary>
    public static bool IsDefault(double value) => Math.Abs(value - 1) < 1e-9;

    /// <summary>Nothing said.</summary>
    public static Sampling Default { get; } = new();

    /// <summary>0 to 2; vendors differ in their upper end.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>At least 1.</summary>
    public int? TopK { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>A seed for repeatable draws.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How many answers are asked for; null is one.</summary>
    public int? Choices { get; init; }

    /// <summary>Whether log probabilities are asked for.</summary>
    public bool? LogProbs { get; init; }

    /// <summary>How many alternatives each log probability names.</summary>
    public int? TopLogProbs { get; init; }

    /// <summary>Biases per token id, raw JSON.</summary>
    public string? LogitBias { get; init; }
}
