namespace Sommelier.Gateway.Bodies;

/// <summary>Whose bodies are stored.</summary>
internal enum BodyStorage
{
    /// <summary>Of every request.</summary>
    All,

    /// <summary>Of requests that failed, or whose answer broke.</summary>
    Errors,
}

/// <summary>That bodies are stored, and how. Where there is no such rule nothing is copied and nothing is stored.</summary>
internal sealed record BodyRules
{
    /// <summary>The usual size limit of a body.</summary>
    public const int DefaultMaxBytes = 64 * 1024;

    /// <summary>How long bodies are usually kept.</summary>
    public static TimeSpan DefaultRetention { get; } = TimeSpan.FromDays(7);

    /// <summary>Whose.</summary>
    public required BodyStorage Store { get; init; }

    /// <summary>The most bytes that are looked at of a request, and of a whole answer; streams weigh more for the same text and get sixteen times as much.</summary>
    public int MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>What is taken out before anything is written.</summary>
    public Redactor Redactor { get; init; } = Redactor.Pii;

    /// <summary>How long they are kept, if their entries are.</summary>
    public TimeSpan Retention { get; init; } = DefaultRetention;

    /// <summary>The most bytes that are copied of an answer.</summary>
    public int MaxReplyBytes(bool streamed) => streamed ? MaxBytes * 16 : MaxBytes;
}
