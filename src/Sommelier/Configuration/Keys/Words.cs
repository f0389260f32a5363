using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Configuration.Keys;

/// <summary>The words that several keys share.</summary>
internal static class Words
{
    /// <summary>Sensitivity, in the order of <see cref="Canonical.DataClass"/>.</summary>
    public static IReadOnlyList<string> DataClasses { get; } = ["public", "internal", "confidential"];

    /// <summary>What follows a broken stream, in the order of <see cref="Canonical.OnBreak"/>.</summary>
    public static IReadOnlyList<string> OnBreak { get; } = ["error", "continue", "restart"];

    /// <summary>What a model is for, in the order of <see cref="ModelKind"/>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["chat", "embedding", "other"];

    /// <summary>Groups of candidates, in the order of <see cref="Routing.CandidateGroup"/>.</summary>
    public static IReadOnlyList<string> CandidateGroups { get; } = ["local", "free", "measured"];

    /// <summary>Who comes first among level deployments of one model, in the order of <see cref="Routing.BalanceMode"/>.</summary>
    public static IReadOnlyList<string> Balance { get; } = ["latency", "weighted", "least_loaded"];

    /// <summary>Intents and their groups.</summary>
    public static IReadOnlyList<string> IntentsAndGroups { get; } = [.. Intents.Names, .. Intents.GroupNames.Except(Intents.Names, StringComparer.Ordinal)];

    /// <summary>Intents, their groups, and <c>default</c> for all the others.</summary>
    public static IReadOnlyList<string> IntentsAndDefault { get; } = [.. IntentsAndGroups, "default"];

    /// <summary>What a model can do, in the order of the bits of <see cref="Catalog.Capabilities"/>.</summary>
    public static IReadOnlyList<string> Capabilities { get; } =
    [
        "tools", "parallel_tools", "vision", "audio", "video", "pdf", "json_schema", "json_object", "reasoning",
        "temperature", "prefill", "prompt_caching", "streaming",
    ];

    /// <summary>The intents that a key of a map by intent means; all of them for <c>default</c>.</summary>
    public static IEnumerable<Intent> Meant(string word)
    {
        if (Intents.TryParse(word, out var intent))
        {
            return [intent];
        }

        var all = Enumerable.Range(0, Intents.Count).Select(i => (Intent)i);
        return word is "default" ? all : all.Where(i => string.Equals(i.Group().Name(), word, StringComparison.Ordinal));
    }

    /// <summary>How narrow a key of a map by intent is: an intent 2, a group 1, <c>default</c> 0. The narrowest wins.</summary>
    public static int Narrowness(string word) => Intents.TryParse(word, out _) ? 2 : word is "default" ? 0 : 1;

    /// <summary>The flag of a capability's word.</summary>
    public static Capabilities Capability(string word)
    {
        for (var i = 0; i < Capabilities.Count; i++)
        {
            if (string.Equals(Capabilities[i], word, StringComparison.Ordinal))
            {
                return (Capabilities)(1 << i);
            }
        }

        throw new ArgumentException($"No capability is called '{word}'. There are: {string.Join(", ", Capabilities)}.", nameof(word));
    }
}
