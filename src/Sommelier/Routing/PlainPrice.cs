using System.Runtime.InteropServices;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>A price where it is three figures: no tier reached, no hour, no cache. A test holds it to the calculator's result.</summary>
/// <param name="Input">USD per million.</param>
/// <param name="Output">USD per million.</param>
/// <param name="Reasoning">USD per million.</param>
/// <param name="UpToInputTokens">The most input tokens that it holds for; -1 for never.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlainPrice(double Input, double Output, double Reasoning, int UpToInputTokens)
{
    public static PlainPrice Of(Price? price)
    {
        if (price is null || price.TimesOfDay.Count > 0)
        {
            return new(0, 0, 0, -1);
        }

        var limit = int.MaxValue;
        for (var i = 0; i < price.Tiers.Count; i++)
        {
            limit = Math.Min(limit, price.Tiers[i].AboveInputTokens);
        }

        return new((double)price.InputUsdPerMillion, (double)price.OutputUsdPerMillion, (double)(price.Reasoning ?? price.OutputUsdPerMillion), limit);
    }

    public double Usd(int input, int output, long reasoning) =>
        Math.Round(((input * Input) + (output * Output) + (reasoning * Reasoning)) / 1e6, 9, MidpointRounding.AwayFromZero);
}
