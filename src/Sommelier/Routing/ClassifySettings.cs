namespace Sommelier.Routing;

/// <summary>Who is asked for a request's intent when the classifier does not stand by its answer.</summary>
public sealed record ClassifySettings
{
    /// <summary>The model, as in any list of a policy.</summary>
    public required string Model { get; init; }

    /// <summary>How long a request waits for it; 400 ms by default. One that waited in vain is routed as it would have been.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long its answer holds for the same turn of the same caller; one hour by default, zero: it is not kept.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(1);
}
