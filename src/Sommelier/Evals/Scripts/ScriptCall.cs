namespace Sommelier.Evals.Scripts;

/// <summary>Runs the scripts of suites. The engine for them is not in this process, nor in this executable.</summary>
internal interface IScriptRunner
{
    /// <summary>Runs a function's body to its end, or to the limit that it meets first.</summary>
    /// <exception cref="ScriptsUnavailableException">There is nothing to run it with.</exception>
    Task<ScriptOutcome> RunAsync(ScriptCall call, CancellationToken cancellationToken);
}

/// <summary>A function's body and what it is called with.</summary>
/// <param name="Body">Statements; <c>return</c> gives the value.</param>
/// <param name="Output">The text that the body knows as <c>output</c>.</param>
/// <param name="Context">JSON; the body knows its value as <c>context</c>.</param>
/// <param name="Limit">How long it may take.</param>
internal sealed record ScriptCall(string Body, string Output, string Context, TimeSpan Limit);

/// <summary>What became of a script.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Text">What it returned, as JSON, empty for <c>undefined</c>; what it threw; which limit it met; why it cannot be read.</param>
internal sealed record ScriptOutcome(ScriptEnd End, string Text);

/// <summary>How a script ended.</summary>
internal enum ScriptEnd
{
    /// <summary>It returned.</summary>
    Returned,

    /// <summary>It threw.</summary>
    Threw,

    /// <summary>It met a limit: of time, memory, statements or recursion.</summary>
    Limited,

    /// <summary>It is not JavaScript.</summary>
    Invalid,
}

/// <summary>Scripts cannot be run here; the message says what is lacking.</summary>
internal sealed class ScriptsUnavailableException(string message) : Exception(message);
