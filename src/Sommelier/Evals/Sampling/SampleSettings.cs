using Sommelier.Gateway.Bodies;

namespace Sommelier.Evals.Sampling;

/// <summary>What becomes of the answer that was given.</summary>
internal enum SampledAnswer
{
    /// <summary>It is graded, and nobody is asked.</summary>
    Output,

    /// <summary>It counts as right: models are asked, and may be compared with it.</summary>
    Reference,

    /// <summary>It is left out, and models are asked.</summary>
    None,
}

/// <summary>How a sample is drawn over the intents.</summary>
internal enum SampleSpread
{
    /// <summary>As many of each intent as of any other, as far as there are.</summary>
    Even,

    /// <summary>In the proportions of the traffic.</summary>
    Traffic,
}

/// <summary>How a sample is drawn, and how its cases are written.</summary>
internal sealed record SampleSettings
{
    /// <summary>Which requests.</summary>
    public SampleFilter Filter { get; init; } = new();

    /// <summary>The most cases.</summary>
    public int Count { get; init; } = 100;

    /// <summary>The same seed draws the same requests of the same ledger.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Over the intents.</summary>
    public SampleSpread Spread { get; init; } = SampleSpread.Even;

    /// <summary>Conversations that share more than this part are drawn once, see <see cref="Text.NearDuplicates"/>; 1 draws all.</summary>
    public double TooAlike { get; init; } = 0.8;

    /// <summary>What is taken out beside what was taken out when the bodies were stored; null: nothing more.</summary>
    public Redactor? Redactor { get; init; }

    /// <summary>What becomes of the answers.</summary>
    public SampledAnswer Answer { get; init; } = SampledAnswer.Output;

    /// <summary>The model that judges by <see cref="Rubric"/>, <c>provider/model</c>; null: nobody judges.</summary>
    public string? Judge { get; init; }

    /// <summary>What it judges by.</summary>
    public string Rubric { get; init; } = "The answer does what the conversation asks, says nothing false, and has the language, length and form that were asked for.";
}
