namespace Sommelier.Canonical;

/// <summary>What follows when a stream breaks after its beginning has reached the caller. Never a clean end.</summary>
public enum OnBreak
{
    /// <summary>The dialect's error event; nobody else is asked.</summary>
    Error,

    /// <summary>The next candidate goes on where the text stopped, as the same answer.</summary>
    Continue,

    /// <summary>The next candidate answers anew, behind a mark, for callers that asked for it.</summary>
    Restart,
}
