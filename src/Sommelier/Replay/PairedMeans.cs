namespace Sommelier.Replay;

/// <summary>A figure of the same requests under two policies.</summary>
internal sealed class PairedMeans
{
    private readonly ConversationSums difference = new();
    private double logged;

    /// <summary>Adds a request.</summary>
    public void Add(int group, double before, double after)
    {
        logged += before;
        difference.Add(group, after - before);
    }

    /// <summary>Both means.</summary>
    public ReplayedMean Result() => difference.Ratio is not { } moved ? default
        : new((int)difference.Weight, logged / difference.Weight, (logged / difference.Weight) + moved, difference.Interval());
}
