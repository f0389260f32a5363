namespace Sommelier.Statistics.Chance;

/// <summary>Draws from the normal, gamma and beta distributions.</summary>
internal static class Draws
{
    extension(SeededRandom random)
    {
        /// <summary>Standard normal, by Marsaglia's polar method (SIAM Review 6, 1964).</summary>
        public double NextNormal()
        {
            while (true)
            {
                var x = (2 * random.NextDouble()) - 1;
                var y = (2 * random.NextDouble()) - 1;
                var square = (x * x) + (y * y);
                if (square is > 0 and < 1)
                {
                    // The second value that the method yields is left: a state that is only four words can be kept and compared.
                    return x * Math.Sqrt(-2 * Math.Log(square) / square);
                }
            }
        }

        /// <summary>Gamma with this shape and scale 1 (mean = shape), by Marsaglia and Tsang (ACM TOMS 26, 2000).</summary>
        /// <param name="shape">Zero or above; zero gives zero.</param>
        public double NextGamma(double shape)
        {
            if (shape <= 0)
            {
                return 0;
            }

            if (shape < 1)
            {
                // Their section 6: a draw for shape + 1, times u^(1/shape).
                var larger = random.NextGamma(shape + 1);
                return larger * Math.Pow(1 - random.NextDouble(), 1 / shape);
            }

            var d = shape - (1.0 / 3);
            var c = 1 / Math.Sqrt(9 * d);
            while (true)
            {
                var x = random.NextNormal();
                var v = 1 + (c * x);
                if (v <= 0)
                {
                    continue;
                }

                v = v * v * v;
                if (Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                {
                    return d * v;
                }
            }
        }

        /// <summary>Beta(a, b), as a share of two gamma draws: what Thompson sampling draws per model.</summary>
        /// <remarks>A parameter of zero or less is a point mass at its end, as in <see cref="Distributions.BetaDistribution.Quantile"/>.</remarks>
        public double NextBeta(double a, double b)
        {
            if (a <= 0 || b <= 0)
            {
                return a <= 0 ? 0 : 1;
            }

            var x = random.NextGamma(a);
            var y = random.NextGamma(b);
            return x + y > 0 ? x / (x + y) : random.NextDouble() < a / (a + b) ? 1 : 0;
        }
    }
}
