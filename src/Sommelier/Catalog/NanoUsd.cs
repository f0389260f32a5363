namespace Sommelier.Catalog;

/// <summary>Money as it is stored and summed: 64-bit integer nano-USD (1e-9 USD), up to 9.2 billion USD.</summary>
public static class NanoUsd
{
    private const decimal PerUsd = 1_000_000_000m;

    /// <summary>USD as nano-USD, rounded half away from zero.</summary>
    /// <exception cref="OverflowException">The amount is beyond 9.2 billion USD.</exception>
    public static long FromUsd(decimal usd) => decimal.ToInt64(Math.Round(usd * PerUsd, 0, MidpointRounding.AwayFromZero));

    /// <summary>The same as <see cref="FromUsd"/>, reading as an extension: <c>cost.ToNanoUsd()</c>.</summary>
    public static long ToNanoUsd(this decimal usd) => FromUsd(usd);

    /// <summary>Nano-USD as USD, exact.</summary>
    public static decimal ToUsd(long nanoUsd) => nanoUsd / PerUsd;
}
