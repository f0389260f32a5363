namespace Sommelier.Resilience;

/// <summary>How much of an answer is held in memory.</summary>
internal static class AnswerSize
{
    /// <summary>The most bytes of a whole answer: images and sounds come inside it, and 2,048 vectors of 3,072 numbers are 80 MB.</summary>
    public const int MaxWhole = 96 * 1024 * 1024;

    /// <summary>The most bytes of a stream before its first content: events that say nothing yet.</summary>
    public const int MaxHeld = 1024 * 1024;
}
