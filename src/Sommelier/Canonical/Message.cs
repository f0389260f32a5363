namespace Sommelier.Canonical;

/// <summary>Who speaks in a <see cref="Message"/>.</summary>
public enum Role
{
    /// <summary>Instructions in the middle of a conversation; those at its start are <see cref="ChatRequest.SystemInstructions"/>.</summary>
    System,

    /// <summary>The person or program that asks.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool, with nothing but <see cref="ToolCallResponsePart"/>s.</summary>
    Tool,
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">What is said, in order.</param>
/// <param name="Name">The speaker's name, where the format knows one.</param>
/// <param name="Extra">Unknown fields.</param>
public sealed record Message(Role Role, IReadOnlyList<ContentPart> Parts, string? Name = null, Extra? Extra = null)
{
    /// <summary>Where the caller wrote it; unknown for what nobody wrote.</summary>
    internal FieldPath Place { get; init; }
}
