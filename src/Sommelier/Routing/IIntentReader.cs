using System.Runtime.InteropServices;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>Tells the intent of a request; the seam between routing and the shipped classifier.</summary>
internal interface IIntentReader
{
    /// <summary>Reads the intent; the whole distribution goes into the span, one entry per intent, summing to one.</summary>
    IntentReading Read(RequestOutline outline, Span<float> probabilities);
}

/// <summary>What is believed about a request's intent.</summary>
/// <param name="Top">The most likely intent, also when abstaining.</param>
/// <param name="Confidence">Its calibrated probability.</param>
/// <param name="Abstained">True when that is too little to act on.</param>
/// <param name="Group">The most likely group.</param>
/// <param name="GroupConfidence">The probability of all intents in it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IntentReading(
    Intent Top, float Confidence, bool Abstained, IntentGroup Group, float GroupConfidence);
