namespace Sommelier.Statistics.Distributions;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    private const double RootTwoPi = 2.5066282746310002;

    /// <summary>The share below x, to about 13 digits, in the lower tail too.</summary>
    /// <remarks>Hart's algorithm 5666 as given by G. West, "Better approximations to cumulative normal functions", Wilmott, 2005.</remarks>
    public static double Cumulative(double x)
    {
        var z = Math.Abs(x);
        var tail = z > 38 ? 0 : Tail(z);
        return x > 0 ? 1 - tail : tail;
    }

    /// <summary>The x below which a share p lies; infinite at 0 and 1.</summary>
    /// <remarks>M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37, 1988: about 16 digits.</remarks>
    public static double Quantile(double p)
    {
        if (p <= 0 || p >= 1)
        {
            return p <= 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - (q * q);
            return q * Polynomial(r, 3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727)
                / Polynomial(r, 1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610);
        }

        var s = Math.Sqrt(-Math.Log(Math.Min(p, 1 - p)));
        double value;
        if (s <= 5)
        {
            s -= 1.6;
            value = Polynomial(s, 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4)
                / Polynomial(s, 1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9);
        }
        else
        {
            s -= 5;
            value = Polynomial(s, 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230, 0.0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7)
                / Polynomial(s, 1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15);
        }

        return q < 0 ? -value : value;
    }

    /// <summary>How many standard errors a two-sided interval reaches to either side: 1.96 for 0.95.</summary>
    public static double TwoSided(double confidence) => -Quantile((1 - confidence) / 2);

    private static double Tail(double z)
    {
        var e = Math.Exp(-z * z / 2);
        if (z < 2.5)
        {
            return e * Polynomial(z, 220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165, 0.700383064443688, 0.0352624965998911)
                / Polynomial(z, 440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207, 1.75566716318264, 0.0883883476483184);
        }

        // The tail's continued fraction (Abramowitz and Stegun 26.2.14), deep enough for the last digit from here on.
        var fraction = z;
        for (var term = 60; term > 0; term--)
        {
            fraction = z + (term / fraction);
        }

        return e / (RootTwoPi * fraction);
    }

    private static double Polynomial(double x, params ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
