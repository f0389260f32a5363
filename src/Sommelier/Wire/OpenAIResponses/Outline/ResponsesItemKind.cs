namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The kinds of items that the outline tells apart.</summary>
internal enum ResponsesItemKind
{
    /// <summary>Something else: thinking, a vendor's own tool.</summary>
    Other,

    /// <summary>A message of system or developer.</summary>
    System,

    /// <summary>A message of the asker.</summary>
    User,

    /// <summary>A message of the model.</summary>
    Assistant,

    /// <summary>A call of a tool that the caller runs.</summary>
    ToolCall,

    /// <summary>What a tool answered.</summary>
    ToolResult,

    /// <summary>The id of an item that the vendor keeps.</summary>
    Reference,
}
