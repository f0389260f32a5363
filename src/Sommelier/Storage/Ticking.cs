namespace Sommelier.Storage;

/// <summary>How loops that look into the database now and then come to their end.</summary>
internal static class Ticking
{
    /// <summary>
    /// Ends a timer with a token: who waits for its next tick, without a token, is told false. An exception in its place costs a
    /// process that ends about 10 ms, for the names on its stack.
    /// </summary>
    public static CancellationTokenRegistration EndedBy(this PeriodicTimer timer, CancellationToken token) =>
        token.UnsafeRegister(static ended => ((PeriodicTimer)ended!).Dispose(), timer);
}
