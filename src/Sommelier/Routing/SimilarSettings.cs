namespace Sommelier.Routing;

/// <summary>When the stored answer to a request that differs in the words of its last turn alone stands for a new one.</summary>
public sealed record SimilarSettings
{
    /// <summary>The model that makes vectors of the turns, as in any list of a policy.</summary>
    public required string Model { get; init; }

    /// <summary>The least cosine of the two turns' vectors; 0.95 by default.</summary>
    public double AtLeast { get; init; } = 0.95;

    /// <summary>How long a request waits for its vector; 400 ms by default. One that waited in vain goes to a provider.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(400);
}
