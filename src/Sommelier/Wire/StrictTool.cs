using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>A tool whose calls the vendor must hold to its schema, which some formats have no word for.</summary>
internal static class StrictTool
{
    /// <summary>Warns that the promise is lost, where it was asked for.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="warnings">Takes the loss.</param>
    public static void Warn(ToolDefinition tool, ICollection<Warning> warnings)
    {
        if (tool.Strict == true)
        {
            warnings.Add(new Warning("dropped", tool.Place.At("strict").ToString(), "the target does not promise that calls match the tool's schema"));
        }
    }
}
