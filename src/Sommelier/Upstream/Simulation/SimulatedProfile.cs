namespace Sommelier.Upstream.Simulation;

/// <summary>How a simulated model behaves: slower when its name says that it is large.</summary>
/// <remarks>
/// The figures are invented, within the range that public speed tables show for hosted models (first token 0.2 to 2 s, 30
/// to 250 tokens per second). They only have to make a demonstration feel real; nothing learns from them.
/// </remarks>
internal readonly record struct SimulatedProfile(TimeSpan FirstChunk, double TokensPerSecond, bool Fails)
{
    private static readonly string[] SmallWords = ["mini", "nano", "luna", "haiku", "flash", "lite", "small", "instant", "8b", "fast"];
    private static readonly string[] LargeWords = ["opus", "fable", "sol", "pro", "large", "max", "argon", "405b"];

    /// <summary>The profile of one call; the same model, seed and call number give the same one.</summary>
    public static SimulatedProfile Of(string model, int seed, int call)
    {
        var random = new Random(HashCode(model, seed, call));
        var (first, speed) = Contains(model, SmallWords) ? (220, 180) : Contains(model, LargeWords) ? (900, 55) : (480, 95);
        var spread = 0.7 + (random.NextDouble() * 0.8);
        return new(TimeSpan.FromMilliseconds(first * spread), speed / spread, random.NextDouble() < SimulatedHandler.FailureShare);
    }

    /// <summary>The pause between two streamed chunks of about a word.</summary>
    public TimeSpan PerChunk => TimeSpan.FromSeconds(1.3 / TokensPerSecond);

    /// <summary>How long writing so many tokens takes.</summary>
    public TimeSpan Writing(long tokens) => TimeSpan.FromSeconds(tokens / TokensPerSecond);

    private static bool Contains(string model, string[] words)
    {
        foreach (var word in words)
        {
            if (model.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // String.GetHashCode differs from run to run; a demonstration should not.
    private static int HashCode(string model, int seed, int call)
    {
        var hash = unchecked((uint)seed * 2_654_435_761u) ^ (uint)call;
        foreach (var character in model)
        {
            hash = unchecked((hash ^ character) * 16_777_619u);
        }

        return (int)hash;
    }
}
