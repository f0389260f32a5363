namespace Sommelier.Routing.Cascading;

/// <summary>A cheap model that answers first, how its answer is checked, and what that may cost beyond an answer of the policy's usual choice.</summary>
public sealed record CascadeSettings
{
    /// <summary>The models that may answer first, best first, as in any list of a policy.</summary>
    public required IReadOnlyList<string> First { get; init; }

    /// <summary>Whether the answer must have the form that the caller asked for; true by default. Without meaning where any text will do.</summary>
    public bool Schema { get; init; } = true;

    /// <summary>What the answer's text must match somewhere; null: nothing. Without backtracking, so that its time is bounded.</summary>
    public string? Regex { get; init; }

    /// <summary>How often the first model is asked in all, to see whether it agrees with itself; 1, the default: once.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>How many of <see cref="Samples"/> must give the result of the first answer, that one among them; 1 by default.</summary>
    public int Agreeing { get; init; } = 1;

    /// <summary>The model that judges the answer; null: none does.</summary>
    public string? Judge { get; init; }

    /// <summary>The least score of the judge that lets an answer pass, 0 to 1; 0.7 by default.</summary>
    public double JudgeMin { get; init; } = 0.7;

    /// <summary>What the judge looks for; null: that the answer does what the task asks, and says nothing false.</summary>
    public string? Criterion { get; init; }

    /// <summary>Whether streams are held until they are checked; false by default: a stream request has no cascade.</summary>
    public bool Streams { get; init; }

    /// <summary>
    /// Whether a request that offers functions has a cascade as long as none has been called; false by default. A call in the answer must
    /// be one that was offered, with arguments that match its schema.
    /// </summary>
    public bool Tools { get; init; }

    /// <summary>The most that the first answer and its checks may cost, USD; 0.01 by default.</summary>
    public decimal MaxExtraUsd { get; init; } = 0.01m;

    /// <summary>The most milliseconds that the first answer and its checks may take; 5,000 by default.</summary>
    public int MaxExtraMs { get; init; } = 5_000;
}
