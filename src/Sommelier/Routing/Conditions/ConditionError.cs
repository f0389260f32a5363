namespace Sommelier.Routing;

/// <summary>What is wrong with a condition.</summary>
/// <param name="Column">Where, from 1.</param>
/// <param name="What">What is wrong, as a clause without a full stop.</param>
/// <param name="Remedy">What to do, as a sentence without a full stop.</param>
public sealed record ConditionError(int Column, string What, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"at letter {Column}, {What}. {Remedy}{(Remedy.EndsWith('?') ? "" : ".")}";
}

internal sealed class ConditionException(ConditionError error) : Exception(error.ToString())
{
    public ConditionError Error { get; } = error;
}
