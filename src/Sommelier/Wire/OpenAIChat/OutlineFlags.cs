namespace Sommelier.Wire.OpenAIChat;

/// <summary>What the outline notes for the pass-through writer, so that it need not walk the messages when nothing in them changes.</summary>
[Flags]
internal enum OutlineFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A message has the <c>developer</c> role.</summary>
    Developer = 1,

    /// <summary>An assistant message carries thinking.</summary>
    Reasoning = 2,

    /// <summary>There is an assistant message.</summary>
    Assistant = 4,

    /// <summary>A field that only the canonical writer can carry over: legacy functions, a role of <c>function</c>.</summary>
    Legacy = 8,
}
