namespace Sommelier.Server.Edge;

/// <summary>
/// Tells the server that a reply broke off: it sends what was written, then closes the connection without the end of the
/// body, so that no caller takes it for whole. There is no other way to have both; an abort throws away what was written.
/// </summary>
internal sealed class BrokenReplyException() : Exception("The answer broke off after its beginning had been sent.")
{
    /// <summary>None: it is a signal, and is thrown once per broken reply.</summary>
    public override string? StackTrace => null;
}
