using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>An intent that is known for sure, in the place of the classifier's.</summary>
internal sealed class KnownIntent(Intent intent) : IIntentReader
{
    /// <inheritdoc/>
    public IntentReading Read(RequestOutline outline, Span<float> probabilities)
    {
        probabilities.Clear();
        probabilities[(int)intent] = 1;
        return new(intent, 1, Abstained: false, intent.Group(), 1);
    }
}
