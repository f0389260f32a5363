using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>An intent that a model has told, in the place of the classifier's.</summary>
/// <remarks>
/// It is taken at <see cref="Trust"/>, an assumption; the rest stays with the classifier's distribution, so that a slip of the model
/// moves no more weight than a sure answer of the classifier does.
/// </remarks>
/// <param name="told">What it told.</param>
/// <param name="before">What the classifier had read.</param>
internal sealed class ToldIntent(Intent told, RequestSignals before) : IIntentReader
{
    /// <summary>How far a model's word is believed, 0 to 1.</summary>
    public const float Trust = 0.8f;

    /// <inheritdoc/>
    public IntentReading Read(RequestOutline outline, Span<float> probabilities)
    {
        var group = 0f;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var own = i < before.Distribution.Count ? before.Distribution[i] : 0;
            probabilities[i] = ((1 - Trust) * own) + (i == (int)told ? Trust : 0);
            group += ((Intent)i).Group() == told.Group() ? probabilities[i] : 0;
        }

        return new(told, probabilities[(int)told], Abstained: false, told.Group(), Math.Min(1, group));
    }
}
