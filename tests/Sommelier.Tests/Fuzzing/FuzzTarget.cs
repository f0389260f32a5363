using Sommelier.Wire;

namespace Sommelier.Tests.Fuzzing;

/// <summary>One reader that no input may crash. The tests break its seeds; a coverage-guided fuzzer finds its own input.</summary>
/// <param name="Name">Unique, e.g. <c>gemini.stream</c>.</param>
/// <param name="Seeds">Good bytes to begin with.</param>
/// <param name="Read">Reads any bytes; throws <see cref="WireException"/> or <see cref="UpstreamException"/> to refuse them, anything else is a crash.</param>
internal sealed record FuzzTarget(string Name, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Read)
{
    /// <summary>Every reader of bytes that come from outside.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. WireTargets.All, .. ScannerTargets.All, .. ImportTargets.All, .. ParquetTargets.All];

    /// <summary>The target of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that exist.</exception>
    public static FuzzTarget Of(string name) => All.SingleOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"No target is named '{name}'. There are: {string.Join(", ", All.Select(target => target.Name))}.", nameof(name));

    /// <summary>Reads bytes; returns once they are read or refused.</summary>
    public void Run(byte[] bytes)
    {
        try
        {
            Read(bytes);
        }
        catch (Exception refusal) when (refusal is WireException or UpstreamException)
        {
            // Read or refused.
        }
    }

    public override string ToString() => Name;
}
