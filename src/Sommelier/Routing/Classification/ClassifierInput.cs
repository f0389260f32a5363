namespace Sommelier.Routing.Classification;

/// <summary>What the classifier reads of a request. Texts may be cut; what is absent is empty.</summary>
/// <remarks><see cref="PreviousUserTurn"/> is the one that names the task: see <see cref="FollowUp.Task"/>.</remarks>
internal readonly ref struct ClassifierInput
{
    public ReadOnlySpan<char> LastUserTurn { get; init; }

    public ReadOnlySpan<char> PreviousAssistantTurn { get; init; }

    public ReadOnlySpan<char> PreviousUserTurn { get; init; }

    public ReadOnlySpan<char> System { get; init; }

    /// <summary>The request carries tool definitions.</summary>
    public bool ToolsOffered { get; init; }

    /// <summary>The history has tool calls.</summary>
    public bool ToolsUsed { get; init; }

    public bool LastTurnIsToolResult { get; init; }

    /// <summary>A JSON schema or JSON mode is asked for.</summary>
    public bool StructuredOutputAsked { get; init; }

    public bool HasImage { get; init; }
}
