using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Routing;

/// <summary>Lends the shipped classifier to the signals; its weights are loaded with the first reading.</summary>
internal sealed class ClassifierReader : IIntentReader
{
    /// <inheritdoc/>
    public IntentReading Read(RequestOutline outline, Span<float> probabilities)
    {
        var prediction = IntentClassifier.Shared.Classify(
            new ClassifierInput
            {
                LastUserTurn = outline.Tail.LastUser,
                PreviousAssistantTurn = outline.Tail.PreviousAssistant,
                PreviousUserTurn = FollowUp.Task(outline.Tail.PreviousUser, outline.Tail.EarlierUsers),
                System = outline.Tail.System,
                ToolsOffered = outline.ToolCount > 0,
                ToolsUsed = outline.ToolsUsed,
                LastTurnIsToolResult = outline.LastIsToolResult,
                StructuredOutputAsked = outline.ResponseFormat != ResponseFormatKind.Text,
                HasImage = outline.Media.HasFlag(MediaKind.Image),
            },
            probabilities);
        return new(prediction.Top, prediction.Confidence, prediction.Abstained, prediction.Group, prediction.GroupConfidence);
    }
}
