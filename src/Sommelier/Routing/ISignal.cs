namespace Sommelier.Routing;

/// <summary>One thing worth knowing about a request before a model is picked: its task, its size, its tools.</summary>
/// <remarks>
/// Runs on every request: no network, no locks, no clock, microseconds. Signals run in the order of
/// <see cref="SignalRegistry"/>, and a later one may read what an earlier one wrote. A signal that cannot tell says so
/// (null, or "abstained"): strategies trust what is there.
/// </remarks>
public interface ISignal
{
    /// <summary>The name in explanations and in docs/routing.md, snake case, e.g. <c>input_tokens</c>.</summary>
    string Name { get; }

    /// <summary>Reads the signal off the request into the sheet. Never throws for a request that was read from the wire.</summary>
    void Read(in SignalInput input, RequestSignals to);
}
