using System.Collections.Frozen;

namespace Sommelier.Upstream;

/// <summary>The configured providers, ready to be called. Immutable: a new configuration makes a new one.</summary>
internal sealed class ProviderBindings
{
    private readonly FrozenDictionary<string, BoundProvider> byName;

    /// <summary>Binds providers to their addresses and keys.</summary>
    /// <exception cref="ArgumentException">A provider speaks a wire format that does not exist.</exception>
    public ProviderBindings(IEnumerable<ProviderBinding> bindings)
    {
        All = [.. bindings.Select(binding => new BoundProvider(binding))];
        byName = All.ToFrozenDictionary(provider => provider.Binding.Name, StringComparer.Ordinal);
    }

    /// <summary>None.</summary>
    public static ProviderBindings Empty { get; } = new([]);

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<BoundProvider> All { get; }

    /// <summary>The provider of a name, or null.</summary>
    public BoundProvider? Find(string name) => byName.GetValueOrDefault(name);
}
