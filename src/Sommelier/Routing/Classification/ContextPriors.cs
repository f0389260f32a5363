using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>What the request says outside its texts, as log-odds added to the calibrated scores.</summary>
/// <remarks>
/// Set by hand, not learned: few training rows come with tool definitions, none with schemas or images. Sizes: 4 decides
/// unless the text is very sure, 0.5 tips a balance. Tools that are merely offered must not turn a poem into tool use.
/// </remarks>
internal static class ContextPriors
{
    /// <summary>A command ("turn on the light") that no tool can serve is rarely what it looks like.</summary>
    public const float NoTools = -3f;

    private const float ToolResult = 4f;
    private const float ToolsInHistory = 1f;
    private const float ToolsOffered = 0.3f;
    private const float StructuredOutput = 0.5f;
    private const float Image = 0.5f;

    public static void Add(in ClassifierInput input, Span<float> scores)
    {
        scores[(int)Intent.ToolUse] +=
            input.LastTurnIsToolResult ? ToolResult
            : input.ToolsUsed ? ToolsInHistory
            : input.ToolsOffered ? ToolsOffered
            : NoTools;
        if (input.StructuredOutputAsked)
        {
            scores[(int)Intent.Extraction] += StructuredOutput;
            scores[(int)Intent.Classification] += StructuredOutput / 2;
        }

        if (input.HasImage)
        {
            scores[(int)Intent.ContextQa] += Image;
        }
    }
}
