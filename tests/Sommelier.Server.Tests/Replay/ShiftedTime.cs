namespace Sommelier.Server.Tests.Replay;

/// <summary>A clock that begins at a moment of our choice and runs as the machine's does.</summary>
internal sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
{
    private readonly long began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(began);
}
