using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>A message to be written: everything that one side says before the other one speaks.</summary>
internal sealed class AnthropicTurn(Role role, FieldPath place = default)
{
    /// <summary>Who speaks; tools speak as the user.</summary>
    public Role Role => role;

    /// <summary>Answers to tool calls, which stand before everything else.</summary>
    public List<ToolCallResponsePart> Results { get; } = [];

    /// <summary>How many <see cref="Parts"/> were said before each of <see cref="Results"/>.</summary>
    public List<int> SaidBefore { get; } = [];

    /// <summary>The rest, in order.</summary>
    public List<ContentPart> Parts { get; } = [];

    /// <summary>Where the first message of it stood.</summary>
    public FieldPath Place => place.Or("messages");

    /// <summary>Unknown fields of the messages, with where each stood.</summary>
    public List<(Extra Fields, FieldPath Place)> Extra { get; } = [];
}
