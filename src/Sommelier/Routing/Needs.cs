using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>Which capabilities a request cannot do without.</summary>
internal static class Needs
{
    /// <summary>What the signals alone demand. Structured output and prefill are emulated unless strict: see the constraint.</summary>
    public static Capabilities Of(RequestSignals signals)
    {
        var needed = Capabilities.None;
        needed |= signals.Media.HasFlag(MediaKind.Image) ? Capabilities.Vision : Capabilities.None;
        needed |= signals.Media.HasFlag(MediaKind.Audio) ? Capabilities.Audio : Capabilities.None;
        needed |= signals.Media.HasFlag(MediaKind.Video) ? Capabilities.Video : Capabilities.None;
        needed |= signals.Media.HasFlag(MediaKind.Document) ? Capabilities.Pdf : Capabilities.None;
        needed |= signals.ToolCount > 0 || signals.ToolsUsed ? Capabilities.Tools : Capabilities.None;
        needed |= signals.Stream ? Capabilities.Streaming : Capabilities.None;
        needed |= signals.ReasoningEffort > ReasoningEffort.Minimal ? Capabilities.Reasoning : Capabilities.None;
        return needed;
    }
}
