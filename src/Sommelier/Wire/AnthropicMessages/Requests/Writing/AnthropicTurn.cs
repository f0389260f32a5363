using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>A message to be written: everything that one side says before the other one speaks.</summary>
internal sealed class AnthropicTurn(Role role)
{
    /// <summary>Who speaks; tools speak as the user.</summary>
    public Role Role => role;

    /// <summary>Answers to tool calls, which stand before everything else.</summary>
    public List<ToolCallResponsePart> Results { get; } = [];

    /// <summary>How many <see cref="Parts"/> were said before each of <see cref="Results"/>.</summary>
    public List<int> SaidBefore { get; } = [];

    /// <summary>The rest, in order.</summary>
    public List<ContentPart> Parts { get; } = [];

    /// <summary>Unknown fields of the messages.</summary>
    public List<Extra> Extra { get; } = [];
}
