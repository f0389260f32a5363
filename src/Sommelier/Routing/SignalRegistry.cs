using Sommelier.Routing.Signals;

namespace Sommelier.Routing;

/// <summary>Every signal. A new one is a file in <c>Signals/</c> and a line here; a test names the line that is missing.</summary>
public static class SignalRegistry
{
    /// <summary>In the order in which they are read: a later one may build on an earlier one.</summary>
    public static IReadOnlyList<ISignal> All { get; } =
    [
        new IntentSignal(),
        new LanguageSignal(),
        new ModalitySignal(),
        new ToolSignal(),
        new StructuredOutputSignal(),
        new ReasoningSignal(),
        new ServingSignal(),
        new ConversationShapeSignal(),
        new InputTokensSignal(),
        new OutputTokensSignal(),
        new CacheablePrefixSignal(),
        new DifficultySignal(),
        new ConversationKeySignal(),
    ];
}
