namespace Sommelier.Wire.OpenAIResponses;

/// <summary>What the outline notes for the pass-through writer, so that it need not walk the items when nothing in them changes.</summary>
[Flags]
internal enum ResponsesOutlineFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An item is thinking of another vendor, which the gateway gave this dialect's shape.</summary>
    ForeignThinking = 1,
}
